// Hashrate over time: straight segments through closed slots, the interval as a band, gaps where nothing is known.
import { choice, feed, panel } from './panel.js';
import { csv, download, h, patch } from './dom.js';
import { clock, NB, now, percent, plural, rate, rateParts, scaleOf, span, utc } from './format.js';

/* global uPlot */
const RANGES = [['1h', '1 h'], ['24h', '24 h'], ['7d', '7 d'], ['30d', '30 d']];
const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const LABEL_ROOM = 92;
const NARROW = 480;
const NARROW_ROOM = 52;
const MARKS_SPELT = 24;

/** A panel with the history of a pool, an account or a worker; its range is kept in the address bar. */
export function historyPanel(page, path, { span: columns = 'c12', title = 'Hashrate over time', name = 'hashrate' } = {}) {
  let range = new URLSearchParams(location.search).get('range');
  let untouched = range == null;
  if (!RANGES.some(([value]) => value === range)) {
    range = '24h';
  }
  let series = null;
  let asTable = false;
  const plot = h('div', { class: 'plot', tabindex: '0', role: 'img' });
  const tip = h('div', { class: 'tip', hidden: true });
  const data = h('div', { class: 'data', tabindex: '0', role: 'region', 'aria-label': `${title} as a table`, hidden: true });
  const summary = h('p', { class: 'sub' });
  const chart = h('div', { class: 'chart', 'data-key': 'chart' }, summary, plot, tip, key(), data);
  const tableButton = h('button', { type: 'button', 'aria-pressed': 'false' }, 'table');
  const csvButton = h('button', { type: 'button' }, 'csv');
  const ranges = choice('Range', RANGES, range, (value) => {
    range = value;
    untouched = false;
    const url = new URL(location.href);
    url.searchParams.set('range', value);
    history.replaceState(null, '', url);
    reader.read();
  });
  const frame = panel(title, {
    span: columns,
    tools: [ranges, tableButton, csvButton],
  });
  const drawing = draw(plot, tip);
  tableButton.onclick = () => {
    asTable = !asTable;
    tableButton.setAttribute('aria-pressed', String(asTable));
    data.hidden = !asTable;
    fill();
  };
  csvButton.onclick = () => series && download(`${name}-${series.range}.csv`, 'text/csv', toCsv(series));

  const fill = () => {
    if (asTable && series) {
      patch(data, toTable(series, title));
    }
  };
  const reader = feed(page, path, {
    query: () => ({ range }),
    panels: [frame],
    every: () => (series ? untilSlotEnds(series) : 30_000),
    show(read) {
      if (untouched && range === '24h' && closed(read).length === 0) {
        // A pool just started has more to say about the last hour.
        untouched = false;
        ranges.querySelector('button').click();
        return;
      }
      series = read;
      if (closed(series).length === 0) {
        frame.empty('Nothing is known of this time yet. The first slot closes within ', span(series.slot_ms), '.');
        return;
      }
      if (!chart.isConnected) {
        frame.body.replaceChildren(chart);
        frame.element.classList.remove('stale');
      } else {
        frame.element.classList.remove('stale');
        frame.element.querySelector('.note').hidden = true;
      }
      const words = inWords(series);
      summary.textContent = words;
      plot.setAttribute('aria-label', `${title}. ${words} The button "table" shows the figures.`);
      drawing.set(series);
      fill();
    },
  });
  const again = () => drawing.redraw();
  document.addEventListener('adit-theme', again, { signal: page.signal });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again, { signal: page.signal });
  const watcher = new ResizeObserver(() => drawing.resize());
  watcher.observe(plot);
  page.signal.addEventListener('abort', () => {
    watcher.disconnect();
    drawing.end();
  }, { once: true });
  return frame.element;
}

function key() {
  return h('div', { class: 'key' },
    h('span', null, h('i', { class: 'k-line' }), 'mean of a slot'),
    h('span', null, h('i', { class: 'k-band' }), '95 % interval'),
    h('span', null, h('i', { class: 'k-unknown' }), 'pool was down'),
    h('span', null, h('i', { class: 'k-mark' }), 'block, restart'));
}

function untilSlotEnds(series) {
  const running = series.slots.at(-1);
  return Math.min(10 * 60_000, Math.max(2_000, (running?.end_ms ?? 0) - now() + 1_500));
}

function closed(series) {
  return series.slots.filter((slot) => slot.state === 'closed');
}

function inWords(series) {
  const known = closed(series);
  if (known.length === 0) {
    return `The first slot of ${span(series.slot_ms)} is still running.`;
  }
  const rates = known.map((slot) => slot.hashrate_hs);
  const scale = scaleOf(Math.max(...rates));
  const gaps = series.slots.filter((slot) => slot.state === 'unknown').length;
  return `${RANGES.find(([value]) => value === series.range)[1]}: between ${rate(Math.min(...rates), scale)} and ${rate(Math.max(...rates), scale)},`
    + ` last ${rate(rates.at(-1), scale)}, slots of ${span(series.slot_ms)}${gaps ? `, ${plural(gaps, 'slot')} without data` : ''}.`;
}

function toTable(series, title) {
  const scale = scaleOf(Math.max(0, ...series.slots.map((slot) => slot.hashrate_hs ?? 0)));
  return h('table', null, h('caption', { class: 'sr' }, title),
    h('thead', null, h('tr', null, ['Slot begins (UTC)', 'Hashrate', '95 % interval', 'Accepted', 'Rejected'].map((text, i) =>
      h('th', { scope: 'col', class: i ? 'n' : null }, text)))),
    h('tbody', null, series.slots.toReversed().map((slot) => h('tr', { 'data-key': slot.start_ms },
      h('td', null, utc(slot.start_ms).slice(0, 16), slot.state === 'running' ? ' (running)' : ''),
      h('td', { class: 'n' }, slot.hashrate_hs == null ? 'pool was down' : rate(slot.hashrate_hs, scale)),
      h('td', { class: 'n' }, interval(slot, scale)),
      h('td', { class: 'n' }, slot.accepted_shares), h('td', { class: 'n' }, slot.rejected_shares)))));
}

function interval(slot, scale) {
  return slot.low_hs == null || slot.high_hs == null ? '–' : `${rate(slot.low_hs, scale)} – ${rate(slot.high_hs, scale)}`;
}

function toCsv(series) {
  return csv([['start_utc', 'end_utc', 'state', 'hashrate_hs', 'low_hs', 'high_hs', 'accepted_shares', 'rejected_shares'],
    ...series.slots.map((slot) => [utc(slot.start_ms), utc(slot.end_ms), slot.state, slot.hashrate_hs, slot.low_hs,
      slot.high_hs, slot.accepted_shares, slot.rejected_shares])]);
}

// ------------------------------------------------------------------------------------------------ Drawing

function draw(host, tip) {
  let chart = null;
  let series = null;

  // A canvas knows no variables, and light-dark() must be settled by the page first.
  const colour = (name) => {
    const probe = h('span', { class: 'sr' });
    probe.style.color = `var(${name})`;
    host.append(probe);
    const settled = getComputedStyle(probe).color;
    probe.remove();
    return settled;
  };

  const build = () => {
    end();
    if (!series || host.clientWidth === 0) {
      return;
    }
    const colours = Object.fromEntries(['second', 'hair', 'series1', 'series2', 'band', 'unknown', 'panel', 'text'].map((name) =>
      [name, colour(`--${name}`)]));
    chart = new uPlot(options(host, colours, () => series, tip), columns(series), host);
    host.onkeydown = (event) => step(chart, series, event);
  };
  const end = () => {
    chart?.destroy();
    chart = null;
    tip.hidden = true;
  };
  return {
    set(next) {
      const same = chart && series && next.range === series.range && scaleFor(next) === scaleFor(series);
      series = next;
      if (same) {
        chart.setData(columns(series));
      } else {
        build();
      }
    },
    redraw: build,
    resize() {
      if (!chart) {
        build();
      } else if (host.clientWidth > 0 && (chart.width !== host.clientWidth || chart.height !== host.clientHeight)) {
        chart.setSize({ width: host.clientWidth, height: host.clientHeight });
      }
    },
    end,
  };
}

function scaleFor(series) {
  // The running slot is not drawn: its unit would be wrong for those that are.
  return scaleOf(Math.max(0, ...closed(series).map((slot) => slot.hashrate_hs ?? 0)));
}

/** x is the middle of a slot; the running slot is drawn apart and never as a dip. */
function columns(series) {
  const x = series.slots.map((slot) => (slot.start_ms + slot.end_ms) / 2000);
  const of = (name) => series.slots.map((slot) => (slot.state === 'closed' ? slot[name] : null));
  return [x, of('high_hs'), of('low_hs'), of('hashrate_hs')];
}

function top(series) {
  const closedSlots = closed(series);
  const mean = Math.max(1, ...closedSlots.map((slot) => slot.hashrate_hs));
  const high = Math.max(0, ...closedSlots.map((slot) => slot.high_hs ?? 0));
  // A slot with two shares has an upper limit of many times its rate; it must not flatten the rest.
  return Math.max(mean * 1.1, Math.min(high * 1.05, mean * 2));
}

function options(host, colours, current, tip) {
  const scale = scaleFor(current());
  const axis = { stroke: colours.second, grid: { stroke: colours.hair, width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const invisible = { stroke: 'transparent', points: { show: false }, spanGaps: false };
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    padding: [18, (u) => room(u.width), 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: () => [current().slots[0].start_ms / 1000, current().slots.at(-1).end_ms / 1000] },
      y: { range: () => [0, top(current())] },
    },
    axes: [
      { ...axis, size: 26, space: 70, values: (_, ticks, __, ___, step) => ticks.map((t) => tickText(t * 1000, step)) },
      { ...axis, size: 72, values: (_, ticks) => ticks.map((t) => (t === 0 ? '0' : `${Number((t / 1000 ** scale).toPrecision(3))} ${UNITS[scale]}H/s`)) },
    ],
    series: [{}, { ...invisible }, { ...invisible },
      { stroke: colours.series1, width: 2, spanGaps: false, points: { show: (u, i) => closed(current()).length < 3, size: 6, fill: colours.series1 } }],
    bands: [{ series: [1, 2], fill: colours.band }],
    hooks: {
      drawClear: [(u) => backing(u, current(), colours)],
      draw: [(u) => marks(u, current(), colours, scale)],
      setCursor: [(u) => hover(u, current(), tip, scale)],
    },
  };
}

function tickText(ms, stepSeconds) {
  const text = new Date(ms).toISOString();
  return stepSeconds >= 86_400 || text.slice(11, 16) === '00:00' ? text.slice(5, 10) : text.slice(11, 16);
}

/** Neighbouring slots that are not closed and of one state, as places. */
function stretches(u, series) {
  const found = [];
  for (const slot of series.slots) {
    const right = u.valToPos(slot.end_ms / 1000, 'x', true);
    if (slot.state === 'closed') {
      continue;
    }
    const last = found.at(-1);
    if (last?.state === slot.state && last.end_ms === slot.start_ms) {
      last.right = right;
      last.end_ms = slot.end_ms;
    } else {
      found.push({ state: slot.state, left: u.valToPos(slot.start_ms / 1000, 'x', true), right, end_ms: slot.end_ms });
    }
  }
  return found;
}

function backing(u, series, colours) {
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  ctx.clip();
  for (const { state, left, right } of stretches(u, series)) {
    if (state === 'unknown') {
      ctx.fillStyle = colours.unknown;
      ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
    } else {
      hatch(u, left, right, colours);
    }
  }
  ctx.restore();
}

function word(u, text, left, right, colours) {
  const { ctx } = u;
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.fillStyle = colours.second;
  ctx.textAlign = 'center';
  if (ctx.measureText(text).width < right - left - 8) {
    ctx.fillText(text, (left + right) / 2, u.bbox.top + u.bbox.height / 2);
  }
}

function hatch(u, left, right, colours) {
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, u.bbox.top, right - left, u.bbox.height);
  ctx.clip();
  ctx.strokeStyle = colours.hair;
  ctx.lineWidth = devicePixelRatio;
  const step = 6 * devicePixelRatio;
  ctx.beginPath();
  for (let x = left - u.bbox.height; x < right; x += step) {
    ctx.moveTo(x, u.bbox.top + u.bbox.height);
    ctx.lineTo(x + u.bbox.height, u.bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}

/** Marks within a stretch from left to right with their places, those left out that would touch the one before. */
export function spaced(all, place, left, right, least) {
  const placed = [];
  for (const one of all.map((mark) => ({ mark, x: place(mark) })).sort((a, b) => a.x - b.x)) {
    if (one.x >= left && one.x <= right && (placed.length === 0 || one.x - placed.at(-1).x >= least)) {
      placed.push(one);
    }
  }
  return placed;
}

function room(width) {
  return width < NARROW ? NARROW_ROOM : LABEL_ROOM;
}

function marks(u, series, colours, scale) {
  const { ctx } = u;
  ctx.save();
  // Over the grid, whose lines would go through the words.
  for (const { state, left, right } of stretches(u, series)) {
    if (state === 'unknown') {
      word(u, 'no data', left, right, colours);
    }
  }
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.strokeStyle = colours.series2;
  ctx.fillStyle = colours.second;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.textAlign = 'left';
  const { left, width: wide, top: upper, height } = u.bbox;
  const place = (mark) => Math.round(u.valToPos(mark.at_ms / 1000, 'x', true));
  // Each kind by itself: a block beside a restart does not hide it.
  const kinds = Object.values(Object.groupBy(series.marks, (mark) => mark.kind));
  const placed = kinds.flatMap((some) => spaced(some, place, left, left + wide, 3 * devicePixelRatio)).sort((a, b) => a.x - b.x);
  // A chain whose blocks come by the minute would hide the line behind its marks: then ticks at the top tell where they are.
  const dense = placed.length > MARKS_SPELT;
  let free = -Infinity;
  for (const { mark, x } of placed) {
    const tick = dense && mark.kind === 'block';
    ctx.beginPath();
    ctx.moveTo(x, upper);
    ctx.lineTo(x, upper + (tick ? 8 * devicePixelRatio : height));
    ctx.stroke();
    const width = ctx.measureText(mark.label).width;
    if (!tick && x > free && x + width < left + wide + room(u.width) * devicePixelRatio) {
      ctx.fillText(mark.label, x, upper - 5 * devicePixelRatio);
      free = x + width + 8 * devicePixelRatio;
    }
  }
  endLabel(u, series, colours, scale);
  ctx.restore();
}

/** The last closed value stands at the line's right end. */
function endLabel(u, series, colours, scale) {
  const last = closed(series).at(-1);
  if (!last) {
    return;
  }
  const { ctx } = u;
  ctx.font = `600 ${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.fillStyle = colours.series1;
  ctx.textAlign = 'left';
  // Beside a narrow plot the number alone has room; its unit is the axis's.
  const text = u.width < NARROW ? rateParts(last.hashrate_hs, scale).value : rate(last.hashrate_hs, scale);
  ctx.fillText(text, u.bbox.left + u.bbox.width + 6 * devicePixelRatio,
    Math.max(u.bbox.top + 10 * devicePixelRatio, u.valToPos(last.hashrate_hs, 'y', true) + 4 * devicePixelRatio));
}

function hover(u, series, tip, scale) {
  const slot = u.cursor.idx == null || u.cursor.idx === undefined || u.cursor.left < 0 ? null : series.slots[u.cursor.idx];
  tip.hidden = !slot;
  if (!slot) {
    return;
  }
  const day = series.range === '1h' || series.range === '24h' ? '' : `${utc(slot.start_ms).slice(5, 10)} `;
  const near = series.marks.filter((mark) => mark.at_ms >= slot.start_ms && mark.at_ms < slot.end_ms);
  patch(tip, h('div', null, `${day}${clock(slot.start_ms).slice(0, 5)} – ${clock(slot.end_ms).slice(0, 5)} UTC${slot.state === 'running' ? ', still running' : ''}`),
    slot.hashrate_hs == null ? h('div', null, 'pool was down') : [
      h('div', null, h('b', null, rate(slot.hashrate_hs, scale)), ` (${interval(slot, scale)})`),
      h('div', null, plural(slot.accepted_shares, 'share'), slot.rejected_shares ? `, ${slot.rejected_shares}${NB}rejected (${percent(slot.rejected_shares / (slot.accepted_shares + slot.rejected_shares))})` : ''),
    ], near.slice(0, 4).map((mark) => h('div', null, mark.label)), near.length > 4 ? h('div', null, `and ${near.length - 4} more`) : null);
  const box = u.over.getBoundingClientRect();
  const home = tip.parentElement.getBoundingClientRect();
  const left = box.left - home.left + u.cursor.left;
  tip.style.left = `${Math.max(0, Math.min(home.width - tip.offsetWidth, left + (left > home.width / 2 ? -tip.offsetWidth - 12 : 12)))}px`;
  tip.style.top = `${box.top - home.top + 8}px`;
}

/** Arrow keys walk through the slots. */
function step(u, series, event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!u || !by) {
    return;
  }
  event.preventDefault();
  const at = u.cursor.idx ?? series.slots.length;
  const next = Math.min(series.slots.length - 1, Math.max(0, at + by));
  const slot = series.slots[next];
  u.setCursor({ left: u.valToPos((slot.start_ms + slot.end_ms) / 2000, 'x'), top: 10 });
}

/** A small line without axes: the last 24 hours of a worker. */
export function spark(values) {
  const known = values.filter((value) => value != null);
  const high = Math.max(1, ...known);
  const scale = scaleOf(high);
  const text = known.length ? `24 h: up to ${rate(high, scale)}, last ${rate(known.at(-1), scale)}` : '24 h: nothing known';
  let path = '';
  let pen = 'M';
  values.forEach((value, i) => {
    if (value == null) {
      pen = 'M';
      return;
    }
    path += `${pen}${((i / Math.max(1, values.length - 1)) * 94 + 1).toFixed(1)} ${(22 - (value / high) * 20).toFixed(1)}`;
    pen = 'L';
  });
  return h('svg', { class: 'spark', viewBox: '0 0 96 24', role: 'img', 'aria-label': text }, h('title', null, text), h('path', { d: path }));
}
