// Figures for people: three significant digits, a unit with every number, unknown and nought told apart.
import { h } from './dom.js';

/** Narrow no-break space: groups of digits, number and unit stay together. */
export const NB = '\u202f';
const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SAT = 100_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;

/** A dash, and why. */
export function unknown(why) {
  return h('span', { class: 'faint', title: why }, '–', h('span', { class: 'sr' }, ` ${why}`));
}

/** Digits in groups of three; from a million milliards on, where digits say nothing any more, three of them. */
export function grouped(number) {
  if (Math.abs(Number(number)) >= 1e15) {
    return three(Number(number));
  }
  const text = typeof number === 'bigint' ? String(number) : String(Math.round(number));
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, NB);
}

/** Three significant digits, never in powers of ten between a thousandth and a million. */
export function three(number) {
  const size = Math.abs(number);
  if (size === 0) {
    return '0';
  }
  if (size >= 1_000_000 || size < 0.001) {
    const [digits, power] = number.toExponential(2).split('e');
    return `${digits}${NB}×${NB}10${[...String(Number(power))].map((c) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(c)]).join('')}`;
  }
  if (size >= 1000) {
    return grouped(number);
  }
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : Math.min(5, 2 - Math.floor(Math.log10(size)));
  return number.toFixed(digits);
}

/** Which power of a thousand shows the largest of some numbers best. */
export function scaleOf(largest) {
  if (!(largest >= 1)) {
    return 0;
  }
  let power = Math.min(PREFIXES.length - 1, Math.floor(Math.log10(largest) / 3));
  if (power < PREFIXES.length - 1 && largest / 1000 ** power >= 999.5) {
    power++;
  }
  return power;
}

/** A node's name without the scheme of its address: who reads it knows that it is one. */
export function plainHost(name) {
  return name.replace(/^https?:\/\//, '');
}

/** A hashrate as {value, unit}, by the scale given or its own. */
export function rateParts(hs, scale = scaleOf(hs)) {
  return { value: three(hs / 1000 ** scale), unit: `${PREFIXES[scale]}H/s` };
}

/** A hashrate as text. */
export function rate(hs, scale) {
  const { value, unit } = rateParts(hs, scale);
  return `${value}${NB}${unit}`;
}

/** A difficulty: never with a rate's unit. */
export function difficulty(value) {
  const scale = scaleOf(value);
  return scale === 0 ? three(value) : `${three(value / 1000 ** scale)}${NB}${PREFIXES[scale]}`;
}

/** Bytes. */
export function bytes(count) {
  const scale = scaleOf(count);
  return `${three(count / 1000 ** scale)}${NB}${PREFIXES[scale]}B`;
}

/** How wrong a rate may be, in words; null where that says nothing, `few` where shares are too few. */
export function within(estimate, few = 'too few shares') {
  const { hashrate_hs: mid, low_hs: low, high_hs: high, shares } = estimate;
  if (shares === 0 || mid <= 0 || high == null) {
    return null;
  }
  if (shares < 5) {
    return few;
  }
  const percent = ((high - low) / 2 / mid) * 100;
  return `±${NB}${percent >= 50 ? Math.round(percent / 10) * 10 : percent >= 1 ? Math.round(percent) : '<1'}${NB}%`;
}

/** A rate with its uncertainty: number, unit, ±; grey while there are too few shares. */
export function estimate(value, { scale, unit = true, band = true, few } = {}) {
  const { value: number, unit: name } = rateParts(value.hashrate_hs, scale);
  const note = within(value, few);
  return h('span', { class: value.shares < 5 ? 'weak' : null, title: estimateTitle(value) },
    h('span', { class: 'nw' }, number, unit ? h('small', null, `${NB}${name}`) : null), band && note ? [' ', h('span', { class: 'pm' }, note)] : null);
}

/** The same in full, for tooltips. */
export function estimateTitle(value) {
  const range = value.shares === 0 || value.high_hs == null
    ? 'no share in it'
    : `true rate between ${rate(value.low_hs)} and ${rate(value.high_hs)} (95${NB}%), by ${plural(value.shares, 'share')}`;
  return `${Math.round(value.hashrate_hs)} H/s over ${span(value.window_ms)}; ${range}`;
}

/** "1 share", "2 shares". */
export function plural(count, one, many = `${one}s`) {
  return `${grouped(count)}${NB}${count === 1 ? one : many}`;
}

/** A share of a whole, 0 to 1, as percent: two digits below ten. */
export function percent(part) {
  const value = part * 100;
  const size = Math.abs(value);
  const digits = size === 0 ? 0 : size < 10 ? 2 : size < 100 ? 1 : 0;
  const text = size >= 1_000_000 ? three(value) : value.toFixed(digits);
  return `${size > 0 && Number(text) === 0 ? (value < 0 ? '> −0.01' : '< 0.01') : text}${NB}%`;
}

/** Parts per million as percent. */
export function ppm(value) {
  return `${(value / 10_000).toFixed(value % 10_000 === 0 ? 0 : 2)}${NB}%`;
}

// ------------------------------------------------------------------------------------------------- Money

let inBitcoin = false;

/** Whether amounts are shown in bitcoin; one switch for all pages. */
export function setBitcoin(on) {
  inBitcoin = on;
}

/** An amount as text in the reader's unit. */
export function amountText(sat) {
  return inBitcoin ? `${(sat / SAT).toFixed(8)}${NB}BTC` : `${grouped(sat)}${NB}sat`;
}

/** The unit amounts are shown in: for the heading of a column that has no room for it in each row. */
export function moneyUnit() {
  return inBitcoin ? 'BTC' : 'sat';
}

/** An amount, with the other unit in the tooltip; without its unit where the column's heading has it. */
export function amount(sat, { unit: named = true } = {}) {
  if (sat == null || sat === undefined) {
    return unknown('not known');
  }
  const value = Math.round(sat);
  const [number, unit] = inBitcoin ? [(value / SAT).toFixed(8), 'BTC'] : [grouped(value), 'sat'];
  const title = inBitcoin ? `${grouped(value)} sat` : `${(value / SAT).toFixed(8)} BTC`;
  return h('data', { value: String(value), class: 'nw', title }, number, named ? h('small', { class: 'sub' }, `${NB}${unit}`) : null);
}

/** The figure of a tile: an amount, smaller when it is long, never broken. */
export function amountFigure(sat, { before = '', after = null } = {}) {
  const one = amount(sat);
  return h('div', { class: `figure${one.textContent.length + before.length > 17 ? ' long' : ''}` }, h('span', { class: 'nw' }, before, one), after);
}

// -------------------------------------------------------------------------------------------------- Time

/** A length of time, two units at most. */
export function span(ms) {
  if (ms < 1000) {
    return `${three(Math.max(0, ms))}${NB}ms`;
  }
  if (ms >= YEAR) {
    const years = ms / YEAR;
    return years >= 1e6 ? 'over a million years' : `${years < 10 ? years.toFixed(1) : grouped(years)}${NB}years`;
  }
  const parts = [['d', DAY], ['h', HOUR], ['min', MINUTE], ['s', 1000]];
  const first = parts.findIndex(([, size]) => ms >= size);
  const [unit, size] = parts[first];
  const whole = Math.floor(ms / size);
  const next = parts[first + 1];
  const rest = next ? Math.floor((ms - whole * size) / next[1]) : 0;
  const second = rest > 0 && whole < 10 ? ` ${rest}${NB}${next[0]}` : '';
  return `${whole}${NB}${unit}${second}`;
}

/** An expected length of time: a mean is never exact. */
export function about(seconds) {
  return Number.isFinite(seconds) ? `≈${NB}${span(seconds * 1000)}` : 'never at this rate';
}

/** A chance in plain words. */
export function chance(part) {
  if (!(part > 0)) {
    return 'no chance';
  }
  if (part > 0.1) {
    return part > 0.999 ? 'all but certain' : percent(part);
  }
  const odds = 1 / part;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(odds)) - 1);
  return `1 in ${grouped(Math.round(odds / step) * step)}`;
}

/** A time as UTC text. */
export function utc(ms) {
  const text = new Date(ms).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`;
}

/** The clock part of a time. */
export function clock(ms) {
  return new Date(ms).toISOString().slice(11, 19);
}

let ahead = 0;

/** The pool's clock, so that a reader's wrong clock spoils no age. */
export function now() {
  return Date.now() + ahead;
}

/** Learns the pool's clock from a time it just told. */
export function setNow(ms) {
  const by = ms - Date.now();
  // The way through the network makes readings late, never early: only a larger lead is news, or a clock that was set.
  ahead = by > ahead || ahead - by > 5_000 ? by : ahead;
}

/** An age that goes on by itself, with the exact time in the tooltip. */
export function ago(ms, { suffix = ' ago', none = 'never' } = {}) {
  if (ms == null || ms === undefined) {
    return h('span', { class: 'faint' }, none);
  }
  const iso = new Date(ms).toISOString();
  return h('time', { datetime: iso, title: utc(ms), 'data-age': ms, 'data-suffix': suffix }, ageText(ms, suffix));
}

function ageText(ms, suffix) {
  const age = now() - ms;
  return age < 1000 ? 'now' : `${span(age)}${suffix}`;
}

/** Moves all ages of a page on. */
export function renewAges(root) {
  for (const element of root.querySelectorAll('[data-age]')) {
    const text = ageText(Number(element.dataset.age), element.dataset.suffix);
    if (element.textContent !== text) {
      element.firstChild ? (element.firstChild.data = text) : element.append(text);
    }
  }
}

// ------------------------------------------------------------------------------------------------ States

const STATES = {
  live: ['●', 'live', ''],
  warming: ['◐', 'warming up', 'sub'],
  slow: ['▲', 'slow', 'warn'],
  offline: ['✕', 'offline', 'bad'],
  immature: ['◔', 'immature', 'sub'],
  mature: ['●', 'mature', ''],
  orphaned: ['✕', 'orphaned', 'bad'],
  refused: ['✕', 'refused', 'bad'],
  good: ['●', 'good', ''],
  warning: ['▲', 'warning', 'warn'],
  critical: ['✕', 'critical', 'bad'],
  info: ['●', 'info', 'sub'],
};

/** A state: sign, word and colour together. */
export function state(kind, words) {
  const [sign, word, colour] = STATES[kind] ?? ['●', kind, 'sub'];
  return h('span', { class: `st ${colour}` }, h('span', { class: 'ic', 'aria-hidden': 'true' }, sign), words ?? word);
}
