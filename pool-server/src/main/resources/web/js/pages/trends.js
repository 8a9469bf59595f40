// Hashprice and difficulty over time.
import { lineChart } from '../lines.js';
import * as f from '../format.js';
import { choice, feed } from '../panel.js';
import { money } from './shared.js';

const YEAR_MS = 365 * 86_400_000;
const RANGES = [['24h', '24 h'], ['7d', '7 d'], ['30d', '30 d']];

/** Hashprice, by the pool's own readings; what the subsidy alone pays also by the node's headers. */
export function hashpriceChart(page) {
  let range = '24h';
  const frame = lineChart(page, 'Hashprice over time', {
    name: 'hashprice',
    window: 'sat per PH/s and day',
    tools: [choice('Range of hashprice', RANGES, range, (value) => {
      range = value;
      reader.read();
    })],
  });
  const reader = feed(page, '/economics/history', {
    query: () => ({ range }),
    panels: [frame],
    every: 60_000,
    show(read) {
      const shown = read.slots.filter((slot) => slot.subsidy_sat_per_phs_day != null);
      if (shown.length === 0) {
        frame.empty('No reading yet: the first is taken as soon as there is work, then one each half minute.');
        return;
      }
      frame.set(hashprice(read));
    },
  });
  return frame.element;
}

function hashprice(read) {
  const { slots } = read;
  const whole = slots.map((slot) => slot.hashprice_sat_per_phs_day);
  const subsidy = slots.map((slot) => slot.subsidy_sat_per_phs_day);
  const known = whole.filter((value) => value != null);
  const peak = Math.max(...known, ...subsidy.filter((value) => value != null));
  // Test chains pay sums that an axis has no steps for.
  const unit = peak >= 1e12 ? 10 ** Math.floor(Math.log10(peak)) : 1;
  const scaled = (values) => values.map((value) => (value == null ? null : value / unit));
  const figure = (sat) => `${short(sat)}${f.NB}sat`;
  const ofAxis = (value) => short(value * unit);
  const ends = RANGES.find(([value]) => value === read.range)[1];
  const fiat = slots.findLast((slot) => slot.hashprice_per_phs_day != null)?.hashprice_per_phs_day;
  const long = read.slot_ms >= 3_600_000;
  return {
    time: true,
    x: slots.map((slot) => (slot.start_ms + slot.end_ms) / 2000),
    from: slots[0].start_ms / 1000,
    to: slots.at(-1).end_ms / 1000,
    bottom: 0,
    top: (peak / unit) * 1.15,
    lines: [
      { name: 'with fees, by the pool\'s readings', colour: 'series1', values: scaled(whole), text: ofAxis },
      { name: 'by the subsidy alone', colour: 'series2', values: scaled(subsidy), text: ofAxis, silent: true },
    ],
    band: null,
    gaps: gapsOf(slots),
    gapName: 'pool was down',
    marks: read.marks.map((mark) => ({ at: mark.at_ms / 1000, label: mark.label })),
    markName: 'change of difficulty, halving',
    tickX: (seconds, by) => tick(seconds, by),
    tickY: (value) => (value === 0 ? '0' : ofAxis(value)),
    words: known.length ? `${ends}: between ${figure(Math.min(...known))} and ${figure(Math.max(...known))} per PH/s and day, last ${figure(known.at(-1))}`
      + `${fiat == null ? '' : ` (${money(fiat)} ${read.currency})`}; means of ${f.span(read.slot_ms)}.` : `${ends}: no reading of the pool's own in it.`,
    notes: 'What 1 PH/s may expect in a day, the pool\'s fee taken off: the block\'s subsidy and the fees in the pool\'s templates, over the work difficulty asks for. '
      + `${read.since_ms == null ? 'Not read yet.' : `Read each half minute since ${f.utc(read.since_ms).slice(0, 16)} UTC.`}`
      + `${read.subsidy_since_ms == null ? '' : ' Where the pool did not run, the subsidy\'s part comes from the headers of its node.'}`,
    heads: ['Slot begins (UTC)', 'Hashprice, sat', 'Subsidy alone, sat', `Hashprice, ${read.currency}`],
    rows: slots.toReversed().filter((slot) => slot.subsidy_sat_per_phs_day != null).map((slot) => [
      `${f.utc(slot.start_ms).slice(0, 16)}${slot.state === 'running' ? ' (running)' : ''}`, text(slot.hashprice_sat_per_phs_day, f.grouped),
      text(slot.subsidy_sat_per_phs_day, f.grouped), text(slot.hashprice_per_phs_day, money)]),
    fields: ['start_utc', 'end_utc', 'state', 'hashprice_sat_per_phs_day', 'subsidy_sat_per_phs_day', `hashprice_${read.currency.toLowerCase()}_per_phs_day`],
    records: slots.map((slot) => [f.utc(slot.start_ms), f.utc(slot.end_ms), slot.state, slot.hashprice_sat_per_phs_day, slot.subsidy_sat_per_phs_day, slot.hashprice_per_phs_day]),
    tip: (at) => {
      const slot = slots[at];
      return [`${long ? `${f.utc(slot.start_ms).slice(5, 10)} ` : ''}${f.clock(slot.start_ms).slice(0, 5)} – ${f.clock(slot.end_ms).slice(0, 5)} UTC${slot.state === 'running' ? ', still running' : ''}`,
        slot.hashprice_sat_per_phs_day == null ? 'not read: the pool was down' : `${figure(slot.hashprice_sat_per_phs_day)} per PH/s and day`,
        slot.subsidy_sat_per_phs_day == null ? '' : `subsidy alone ${figure(slot.subsidy_sat_per_phs_day)}`,
        slot.hashprice_per_phs_day == null ? '' : `${money(slot.hashprice_per_phs_day)} ${read.currency}`].filter(Boolean);
    },
  };
}

function text(value, show) {
  return value == null ? '–' : show(value);
}

/** Three digits, and never more than fit beside an axis. */
function short(value) {
  return Math.abs(value) >= 1e9 ? f.three(value) : f.grouped(Number(value.toPrecision(3)));
}

/** Times the pool did not run, from the first it did on; before that the chart is simply empty. */
function gapsOf(slots) {
  const gaps = [];
  const first = slots.findIndex((slot) => slot.hashprice_sat_per_phs_day != null);
  slots.forEach((slot, i) => {
    if (slot.state !== 'unknown' || first < 0 || i < first) {
      return;
    }
    if (gaps.at(-1)?.[1] === slot.start_ms / 1000) {
      gaps.at(-1)[1] = slot.end_ms / 1000;
    } else {
      gaps.push([slot.start_ms / 1000, slot.end_ms / 1000]);
    }
  });
  return gaps;
}

function tick(seconds, by) {
  const iso = new Date(seconds * 1000).toISOString();
  return by >= 300 * 86_400 ? iso.slice(0, 4) : by >= 20 * 86_400 ? iso.slice(0, 7) : by >= 86_400 || iso.slice(11, 16) === '00:00' ? iso.slice(5, 10) : iso.slice(11, 16);
}

// -------------------------------------------------------------------------------------------- Difficulty

/** The next difficulty as it could be told through the running period, and those of the past. */
export function difficultyCharts(page) {
  const outlook = lineChart(page, 'Next difficulty, as this period went on', { span: 'c6', name: 'difficulty-outlook' });
  const past = lineChart(page, 'Difficulty, past and next', { span: 'c6', name: 'difficulty' });
  feed(page, '/economics/difficulty', {
    panels: [outlook, past],
    every: 60_000,
    on: ['job'],
    soon: 2_000,
    show(read) {
      if (!read.adjusts) {
        outlook.empty(`Difficulty on ${read.network} never changes, so there is nothing to expect.`);
        past.empty(`Difficulty on ${read.network} never changes.`);
        return;
      }
      read.outlook.length === 0 ? outlook.empty('A period of 2016 blocks has just begun; its pace can be told from the second block on.') : outlook.set(expected(read));
      past.set(periods(read));
    },
  });
  return [outlook.element, past.element];
}

function expected({ outlook, period }) {
  const last = outlook.at(-1);
  const percent = (part) => signed(part);
  // The first blocks say so little that their band would flatten the rest.
  const settled = outlook.filter((point) => point.height - period.first_height >= 100);
  const peak = Math.max(0.02, ...(settled.length ? settled : [last]).flatMap((point) => [Math.abs(point.low), Math.abs(point.high)]));
  const blocks = (point) => point.height - period.first_height + 1;
  return {
    x: outlook.map(blocks),
    from: 0,
    to: 2016,
    bottom: -Math.min(0.75, peak * 1.05),
    top: Math.min(3, peak * 1.05),
    lines: [{ name: 'if the pace holds', colour: 'series1', values: outlook.map((point) => point.change), text: percent }],
    band: { name: '95 % interval', low: outlook.map((point) => point.low), high: outlook.map((point) => point.high) },
    marks: [{ at: period.blocks, label: 'now' }],
    markName: 'newest block',
    tickX: (block) => f.grouped(block),
    tickY: (part) => (part === 0 ? '0' : signed(part)),
    words: `Next difficulty ${percent(last.change)} (${percent(last.low)} to ${percent(last.high)}), with ${f.grouped(period.blocks)} of 2${f.NB}016 blocks found.`,
    notes: 'Each point is what could be told when the chain was that long. Blocks from left to right, the change to come from bottom to top. The interval takes blocks to go on at one pace; machines that '
      + 'come or go move it. By the times in the headers of the pool\'s node.',
    heads: ['Blocks found', 'At (UTC)', 'If the pace holds', 'From', 'To'],
    rows: outlook.toReversed().map((point) => [f.grouped(blocks(point)), f.utc(point.at_ms).slice(0, 16), percent(point.change), percent(point.low), percent(point.high)]),
    fields: ['height', 'at_utc', 'change', 'low', 'high'],
    records: outlook.map((point) => [point.height, f.utc(point.at_ms), point.change, point.low, point.high]),
    tip: (at) => [`block ${f.grouped(blocks(outlook[at]))} of 2${f.NB}016, ${f.utc(outlook[at].at_ms).slice(0, 16)}`, `${percent(outlook[at].change)} if the pace held`,
      `95 %: ${percent(outlook[at].low)} to ${percent(outlook[at].high)}`],
  };
}

function periods({ retargets, period, since_ms: since, as_of_ms: now }) {
  // A chain that rested for years has no pace to go by.
  const ahead = period.expected_at_ms != null && period.expected_at_ms - now < YEAR_MS;
  const places = retargets.map((one) => one.at_ms);
  const values = retargets.map((one) => one.difficulty);
  // The running period goes on to its expected end; what is expected then lasts a while, so that it can be seen.
  const ends = ahead ? Math.max(period.expected_at_ms, now) : now;
  const later = ends + Math.max(14 * 86_400_000, (ends - places[0]) * 0.06);
  const x = [...places, ends, ...(ahead ? [later] : [])].map((ms) => ms / 1000);
  const fill = (list, tail) => [...list, ...tail];
  const none = retargets.map(() => null);
  const top = Math.max(...values, ahead ? period.high_difficulty : 0);
  const last = retargets.at(-1);
  return {
    time: true,
    x,
    from: x[0],
    to: x.at(-1),
    bottom: 0,
    top: top * 1.1,
    lines: [
      { name: 'difficulty', colour: 'series1', step: true, values: fill(values, [last.difficulty, ...(ahead ? [null] : [])]), text: f.difficulty, silent: ahead },
      ...(ahead ? [{ name: 'expected, if the pace holds', colour: 'series2', values: fill(none, [period.expected_difficulty, period.expected_difficulty]), text: f.difficulty }] : []),
    ],
    band: ahead ? { name: '95 % interval', low: fill(none, [period.low_difficulty, period.low_difficulty]), high: fill(none, [period.high_difficulty, period.high_difficulty]) } : null,
    marks: [{ at: now / 1000, label: 'now' }],
    markName: 'now',
    tickX: tick,
    tickY: (value) => (value === 0 ? '0' : f.difficulty(value)),
    words: `Difficulty ${f.difficulty(last.difficulty)}${ahead ? `; ${f.difficulty(period.expected_difficulty)} expected around ${f.utc(ends).slice(0, 10)} (${f.difficulty(period.low_difficulty)} to ${f.difficulty(period.high_difficulty)})` : period.expected_at_ms == null ? '' : '; at the pace so far the next one is years away'}.`,
    notes: `By the headers of the pool's node, ${f.plural(retargets.length, 'period')} of 2${f.NB}016 blocks since ${f.utc(since).slice(0, 10)}; a year of them at most.`,
    heads: ['First block', 'From (UTC)', 'Difficulty', 'Change'],
    rows: retargets.toReversed().map((one) => [f.grouped(one.height), f.utc(one.at_ms).slice(0, 16), f.difficulty(one.difficulty), one.change == null ? '–' : signed(one.change)]),
    fields: ['height', 'at_utc', 'difficulty', 'change'],
    records: retargets.map((one) => [one.height, f.utc(one.at_ms), one.difficulty, one.change]),
    tip: (at) => (at < retargets.length ? [`from block ${f.grouped(retargets[at].height)}, ${f.utc(retargets[at].at_ms).slice(0, 10)}`, `difficulty ${f.difficulty(retargets[at].difficulty)}`,
      retargets[at].change == null ? '' : `${signed(retargets[at].change)} to the one before`] : ahead ? [`from about ${f.utc(ends).slice(0, 10)}`, `difficulty ${f.difficulty(period.expected_difficulty)} expected`,
      `95 %: ${f.difficulty(period.low_difficulty)} to ${f.difficulty(period.high_difficulty)}`] : ['now']).filter(Boolean),
  };
}

/** A change in percent, with its sign. */
export function signed(part) {
  return `${part > 0 ? '+' : ''}${f.percent(part).replace('-', '−')}`;
}
