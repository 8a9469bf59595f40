// Lines over time or over blocks, drawn from what is known only: a chart with its words, table and file.
import { spaced } from './chart.js';
import { csv, download, h, patch } from './dom.js';
import { panel } from './panel.js';

/* global uPlot */
const ROOM = 76;
const DASH = { series1: [], series2: [6, 3] };

/**
 * A panel with a chart. `set` takes what to draw:
 * x: places; lines: [{name, colour, values, step, text}]; band: {name, low, high} or null; from, to: ends of x;
 * bottom, top: ends of y; tickX, tickY: labels; marks: [{at, label}]; gaps: [[from, to]]; words: a summary;
 * notes: what it is reckoned by; heads, rows: the table; fields, records: the file; tip: lines of text at a place.
 */
export function lineChart(page, title, { span = 'c12', window: unit = null, tools = [], name }) {
  let drawn = null;
  let chart = null;
  let asTable = false;
  const plot = h('div', { class: 'plot', tabindex: '0', role: 'img' });
  const tip = h('div', { class: 'tip', hidden: true });
  const data = h('div', { class: 'data', tabindex: '0', role: 'region', 'aria-label': `${title} as a table`, hidden: true });
  const words = h('p', { class: 'sub' });
  const key = h('div', { class: 'key' });
  const notes = h('p', { class: 'sub small' });
  const box = h('div', { class: 'chart', 'data-key': 'chart' }, words, plot, tip, key, notes, data);
  const tableButton = h('button', { type: 'button', 'aria-pressed': 'false' }, 'table');
  const csvButton = h('button', { type: 'button' }, 'csv');
  const frame = panel(title, { span, window: unit, tools: [...tools, tableButton, csvButton] });

  const colour = (token) => {
    const probe = h('span', { class: 'sr' });
    probe.style.color = `var(--${token})`;
    plot.append(probe);
    const settled = getComputedStyle(probe).color;
    probe.remove();
    return settled;
  };
  const end = () => {
    chart?.destroy();
    chart = null;
    tip.hidden = true;
  };
  const build = () => {
    end();
    if (drawn && plot.isConnected && plot.clientWidth > 0) {
      const colours = Object.fromEntries(['second', 'hair', 'series1', 'series2', 'band', 'unknown'].map((token) => [token, colour(token)]));
      chart = new uPlot(options(plot, drawn, colours, tip), columns(drawn), plot);
    }
  };
  const fill = () => {
    data.hidden = !asTable;
    if (asTable && drawn) {
      patch(data, h('table', null, h('caption', { class: 'sr' }, title),
        h('thead', null, h('tr', null, drawn.heads.map((text, i) => h('th', { scope: 'col', class: i ? 'n' : null }, text)))),
        h('tbody', null, drawn.rows.map((row, at) => h('tr', { 'data-key': String(at) }, row.map((cell, i) => h('td', { class: i ? 'n' : null }, cell)))))));
    }
  };
  tableButton.onclick = () => {
    asTable = !asTable;
    tableButton.setAttribute('aria-pressed', String(asTable));
    fill();
  };
  csvButton.onclick = () => drawn && download(`${name}.csv`, 'text/csv', csv([drawn.fields, ...drawn.records]));
  plot.onkeydown = (event) => step(chart, drawn, event);

  document.addEventListener('adit-theme', build, { signal: page.signal });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', build, { signal: page.signal });
  const watcher = new ResizeObserver(() => {
    if (!chart) {
      build();
    } else if (plot.clientWidth > 0 && (chart.width !== plot.clientWidth || chart.height !== plot.clientHeight)) {
      chart.setSize({ width: plot.clientWidth, height: plot.clientHeight });
    }
  });
  watcher.observe(plot);
  page.signal.addEventListener('abort', () => {
    watcher.disconnect();
    end();
  }, { once: true });

  return Object.assign(frame, {
    /** Draws. */
    set(next) {
      drawn = next;
      if (!box.isConnected) {
        frame.body.replaceChildren(box);
      }
      frame.element.classList.remove('stale');
      frame.element.querySelector('.note').hidden = true;
      words.textContent = next.words;
      notes.textContent = next.notes;
      plot.setAttribute('aria-label', `${title}. ${next.words} The button "table" shows the figures.`);
      patch(key, next.lines.map((line) => h('span', null, h('i', { class: `k-line k-${line.colour}` }), line.name)),
        next.band ? h('span', null, h('i', { class: 'k-band' }), next.band.name) : null,
        next.gaps?.length ? h('span', null, h('i', { class: 'k-unknown' }), next.gapName) : null,
        next.marks?.length ? h('span', null, h('i', { class: 'k-mark' }), next.markName) : null);
      build();
      fill();
    },
  });
}

function columns({ x, band, lines }) {
  return [x, ...(band ? [band.high, band.low] : []), ...lines.map((line) => line.values)];
}

function options(host, drawn, colours, tip) {
  const axis = { stroke: colours.second, grid: { stroke: colours.hair, width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const limit = { stroke: 'transparent', points: { show: false }, spanGaps: false };
  const bands = drawn.band ? [{ ...limit }, { ...limit }] : [];
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    padding: [18, ROOM, 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: Boolean(drawn.time), range: () => [drawn.from, drawn.to] }, y: { range: () => [drawn.bottom, drawn.top] } },
    axes: [
      { ...axis, size: 26, space: 70, values: (_, ticks, __, ___, by) => ticks.map((tick) => drawn.tickX(tick, by)) },
      { ...axis, size: 84, values: (_, ticks) => ticks.map(drawn.tickY) },
    ],
    series: [{}, ...bands, ...drawn.lines.map((line) => ({
      stroke: colours[line.colour], width: 2, dash: DASH[line.colour], spanGaps: Boolean(line.bridge),
      paths: line.step ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear(),
      points: { show: line.values.filter((value) => value != null).length < 3, size: 6, fill: colours[line.colour] },
    }))],
    bands: drawn.band ? [{ series: [1, 2], fill: colours.band }] : [],
    hooks: {
      drawClear: [(u) => backing(u, drawn, colours)],
      draw: [(u) => labels(u, drawn, colours)],
      setCursor: [(u) => hover(u, drawn, tip)],
    },
  };
}

function backing(u, { gaps = [] }, colours) {
  u.ctx.save();
  u.ctx.fillStyle = colours.unknown;
  for (const [from, to] of gaps) {
    const left = Math.max(u.bbox.left, u.valToPos(from, 'x', true));
    const right = Math.min(u.bbox.left + u.bbox.width, u.valToPos(to, 'x', true));
    if (right > left) {
      u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
    }
  }
  u.ctx.restore();
}

/** Marks with their words, and the last value of each line at its end. */
function labels(u, { marks = [], lines }, colours) {
  const { ctx } = u;
  const dots = devicePixelRatio;
  ctx.save();
  ctx.font = `${12 * dots}px system-ui, sans-serif`;
  ctx.strokeStyle = colours.series2;
  ctx.fillStyle = colours.second;
  ctx.lineWidth = dots;
  ctx.setLineDash([6 * dots, 3 * dots]);
  ctx.textAlign = 'left';
  let free = -Infinity;
  const right = u.bbox.left + u.bbox.width;
  for (const { mark, x } of spaced(marks, (one) => Math.round(u.valToPos(one.at, 'x', true)), u.bbox.left, right, 3 * dots)) {
    ctx.beginPath();
    ctx.moveTo(x, u.bbox.top);
    ctx.lineTo(x, u.bbox.top + u.bbox.height);
    ctx.stroke();
    const width = ctx.measureText(mark.label).width;
    if (x > free && x + width < right + ROOM * dots) {
      ctx.fillText(mark.label, x, u.bbox.top - 5 * dots);
      free = x + width + 8 * dots;
    }
  }
  ctx.font = `600 ${12 * dots}px system-ui, sans-serif`;
  let taken = null;
  lines.forEach((line) => {
    const last = line.values.findLast((value) => value != null);
    if (last == null || line.silent) {
      return;
    }
    let y = Math.min(u.bbox.top + u.bbox.height, Math.max(u.bbox.top + 10 * dots, u.valToPos(last, 'y', true) + 4 * dots));
    if (taken != null && Math.abs(y - taken) < 14 * dots) {
      y = taken + 14 * dots;
    }
    taken = y;
    ctx.fillStyle = colours[line.colour];
    ctx.fillText(line.text(last), u.bbox.left + u.bbox.width + 6 * dots, y);
  });
  ctx.restore();
}

function hover(u, drawn, tip) {
  const at = u.cursor.left < 0 ? null : u.cursor.idx;
  tip.hidden = at == null;
  if (at == null) {
    return;
  }
  patch(tip, drawn.tip(at).map((line) => h('div', null, line)));
  const box = u.over.getBoundingClientRect();
  const home = tip.parentElement.getBoundingClientRect();
  const left = box.left - home.left + u.cursor.left;
  tip.style.left = `${Math.max(0, Math.min(home.width - tip.offsetWidth, left + (left > home.width / 2 ? -tip.offsetWidth - 12 : 12)))}px`;
  tip.style.top = `${box.top - home.top + 8}px`;
}

/** Arrow keys walk through the places. */
function step(u, drawn, event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!u || !by) {
    return;
  }
  event.preventDefault();
  const next = Math.min(drawn.x.length - 1, Math.max(0, (u.cursor.idx ?? drawn.x.length) + by));
  u.setCursor({ left: u.valToPos(drawn.x[next], 'x'), top: 10 });
}
