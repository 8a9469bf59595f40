// Thousands of workers: only the rows one looks at are read and drawn.
import { get, segment } from './api.js';
import { spark } from './chart.js';
import { become, csv, download, h, middle, patch } from './dom.js';
import * as f from './format.js';
import { goTo, panel } from './panel.js';
import * as live from './live.js';

const CHUNK = 100;
const SPARE_ROWS = 8;
const AGAIN_MS = 5_000;
const KEEP_CHUNKS = 40;
const REST_MS = 60;
const MOST_EXPORTED = 100_000;
const STATES = [['', 'all states'], ['live', 'live'], ['warming', 'warming up'], ['slow', 'slow'], ['offline', 'offline']];

// title, key to sort by, width, classes, whether it holds amounts; m0 to m4: place on a phone.
const COLUMNS = [
  ['State', 'trouble', '112px', 'm2'],
  ['Worker', 'worker', 'minmax(110px, 1.6fr)', 'm1 who'],
  ['5 min', 'hashrate_5m', '120px', 'n m3 left'],
  ['1 h', 'hashrate_1h', '72px', 'n m0 mid'],
  ['24 h', 'hashrate_24h', '72px', 'n m0 mid'],
  ['', null, '96px', 'm0 wide'],
  ['Refused 1 h', 'rejects', '88px', 'n m0 mid'],
  ['Last share', 'last_share', '80px', 'n m4'],
  ['Difficulty', 'difficulty', '84px', 'n m0 wide'],
  ['Credited', 'credited', '132px', 'n m0 wide', true],
  ['Margin', null, '68px', 'n m0 wide'],
  ['Device', null, 'minmax(72px, 1fr)', 'm0 wide two'],
];
// An account sees its credits apart, and its line of 24 hours on each worker's page.
const OWN_COLUMNS = COLUMNS.flatMap((column) => (column[0] === '' ? []
  : column[0] === 'Credited' ? [['Subsidy', 'credited', '124px', 'n m0 wide', true], ['Fees', null, '108px', 'n m0 wide', true]] : [column]));

/** A panel with a list of workers: all, or those of an account. */
export function workerList(page, path, { account = null, tall = true } = {}) {
  const shape = account == null ? COLUMNS : OWN_COLUMNS;
  const chosen = new URLSearchParams(location.search);
  const ask = { q: chosen.get('q') ?? '', state: chosen.get('state') ?? '', sort: chosen.get('sort') ?? 'trouble', order: chosen.get('order') ?? '' };
  const text = h('input', { type: 'search', 'aria-label': 'Filter by worker, account or device', placeholder: 'Filter', value: ask.q, maxlength: '128' });
  const which = h('select', { 'aria-label': 'State' }, STATES.map(([value, word]) => h('option', { value, selected: value === ask.state }, word)));
  const save = h('button', { type: 'button' }, 'csv');
  const frame = panel('Workers', { tools: [text, which, save] });
  const head = h('div', { class: 'vhead', role: 'row', 'aria-rowindex': '1' });
  const space = h('div', { class: 'vspace', role: 'rowgroup' });
  const list = h('div', { class: `vlist ${tall ? 'tall' : 'small'}`, role: 'table', tabindex: '0', 'aria-label': 'Workers' },
    h('div', { role: 'rowgroup' }, head), space);
  list.style.setProperty('--cols', columns());
  const counts = h('p', { class: 'sub row' });
  const box = h('div', { 'data-key': 'list' }, counts, list);

  let chunks = new Map();
  let total = -1;
  let reading = new Set();
  let shownAt = 0;
  let turn = 0;
  // Rows that stand on the page, by their place; one that still shows the same figures is not made again.
  const drawn = new Map();
  let scale = 0;
  const phone = matchMedia('(max-width: 640px)');

  function columns() {
    const hidden = (kind) => (innerWidth <= 960 && kind.includes('wide')) || (innerWidth <= 640 && kind.includes('mid'));
    return shape.filter(([, , , kind]) => !hidden(kind)).map(([, , width]) => width).join(' ');
  }
  const rowHeight = () => (phone.matches ? 64 : 40);
  const visible = () => {
    const height = rowHeight();
    const first = Math.max(0, Math.floor(list.scrollTop / height) - SPARE_ROWS);
    return [first, Math.min(Math.max(total, 0), Math.ceil((list.scrollTop + list.clientHeight) / height) + SPARE_ROWS)];
  };

  // Who scrolls by asks for nothing: only where one rests is read.
  const passing = new Set();
  function readIfStays(number) {
    if (passing.has(number) || reading.has(number)) {
      return;
    }
    passing.add(number);
    const mine = turn;
    setTimeout(() => {
      passing.delete(number);
      const [from, to] = visible();
      const seen = number >= Math.floor(from / CHUNK) && number * CHUNK < to;
      if (seen && mine === turn && !chunks.has(number) && !page.signal.aborted) {
        readChunk(number);
      }
    }, REST_MS);
  }

  async function readChunk(number) {
    if (reading.has(number)) {
      return;
    }
    reading.add(number);
    const mine = turn;
    try {
      const answer = await get(path, { ...ask, offset: number * CHUNK, limit: CHUNK }, page.signal);
      if (mine === turn && !page.signal.aborted) {
        take(number, answer);
      }
    } catch (e) {
      if (mine === turn && !page.signal.aborted) {
        frame.fail(e, renew, shownAt);
      }
    } finally {
      if (mine === turn) {
        reading.delete(number);
      }
    }
  }

  function take(number, answer) {
    chunks.delete(number);
    chunks.set(number, answer.items);
    while (chunks.size > KEEP_CHUNKS) {
      chunks.delete(chunks.keys().next().value);
    }
    total = answer.total;
    shownAt = f.now();
    frame.element.classList.remove('stale');
    frame.element.querySelector('.note').hidden = true;
    const all = Object.values(answer.counts).reduce((sum, count) => sum + count, 0);
    if (all === 0 && !ask.q) {
      frame.empty(account ? 'No worker of this account has sent a share yet.' : 'No worker has sent a share yet. Point a miner at the pool, as the box below says.');
      return;
    }
    if (!box.isConnected) {
      frame.body.replaceChildren(box);
    }
    patch(counts, ['live', 'warming', 'slow', 'offline'].filter((kind) => answer.counts[kind] > 0 || kind === 'live')
      .map((kind) => f.state(kind, `${f.grouped(answer.counts[kind])} ${kind === 'warming' ? 'warming up' : kind}`)),
    total === 0 ? h('span', null, 'None matches the filter.') : null);
    list.setAttribute('aria-rowcount', String(total + 1));
    draw();
  }

  // Everything but the rows; only what is read, typed or resized changes it.
  function draw() {
    const height = rowHeight();
    list.style.setProperty('--cols', columns());
    space.style.height = `${Math.max(total, 0) * height}px`;
    // No taller than its rows, and no taller than the window.
    list.style.setProperty('--need', `${Math.max(total, 1) * height + (phone.matches ? 2 : 44)}px`);
    patch(head, shape.map(heading));
    let peak = 0;
    for (const items of chunks.values()) {
      for (const worker of items) {
        peak = Math.max(peak, worker.hashrate_5m.hashrate_hs, worker.hashrate_1h.hashrate_hs);
      }
    }
    scale = f.scaleOf(peak);
    drawRows();
  }

  // Runs in each frame of a scroll: what comes into sight is made, what left it is taken out, the rest stays as it is.
  function drawRows() {
    const height = rowHeight();
    const [from, to] = visible();
    for (const [at, one] of drawn) {
      if (at < from || at >= to) {
        one.element.remove();
        drawn.delete(at);
      }
    }
    let before = space.firstChild;
    for (let i = from; i < to; i++) {
      const chunk = Math.floor(i / CHUNK);
      const worker = chunks.get(chunk)?.[i % CHUNK];
      if (!chunks.has(chunk)) {
        readIfStays(chunk);
      }
      const known = drawn.get(i);
      if (!known) {
        const element = row(worker, i, scale);
        element.style.transform = `translateY(${i * height}px)`;
        space.insertBefore(element, before);
        drawn.set(i, { element, worker, scale, height });
        continue;
      }
      before = known.element.nextSibling;
      if (known.worker !== worker || known.scale !== scale || known.height !== height) {
        const element = row(worker, i, scale);
        element.style.transform = `translateY(${i * height}px)`;
        become(known.element, element);
        drawn.set(i, { element: known.element, worker, scale, height });
      }
    }
  }

  function heading([name, key, , kind, money]) {
    const title = money ? `${name}, ${f.moneyUnit()}` : name;
    const on = key === ask.sort;
    const up = on && ask.order === 'asc';
    return h('div', { class: `${kind}${on ? ' on' : ''}`, role: 'columnheader', 'aria-sort': on ? (up ? 'ascending' : 'descending') : null },
      key ? h('button', { type: 'button', onclick: () => sortBy(key), title: key === 'trouble' ? 'Trouble first, then hashrate' : null }, title, on ? (up ? ' ▲' : ' ▼') : '')
        : title || h('span', { class: 'sr' }, 'Last 24 hours'));
  }

  function row(worker, at, scale) {
    if (!worker) {
      return h('div', { class: 'vrow', role: 'row', 'data-key': `r${at}`, 'data-at': at, 'aria-rowindex': at + 2 },
        h('div', { class: 'm1 loading', role: 'cell' }, 'reading …'));
    }
    const href = account == null ? `/workers/${worker.id}` : `/account/${segment(account)}/${segment(worker.worker)}`;
    const cells = [
      stateOf(worker),
      [h('a', { href, 'data-nav': true }, worker.worker || '(no name)'),
        account == null ? h('span', { class: 'sub' }, middle(worker.account, 8, 6)) : null],
      worker.state === 'offline' ? f.unknown('offline') : f.estimate(worker.hashrate_5m, { scale, few: '± ?' }),
      f.estimate(worker.hashrate_1h, { scale, band: false }),
      f.estimate(worker.hashrate_24h, { scale, band: false }),
      ...(account == null ? [spark(worker.spark_hs)] : []),
      worker.rejected_share_1h == null ? f.unknown('no share in the last hour')
        : h('span', { title: `since start they cost ${f.amountText(worker.rejects_lost_sat)}; by cause on the worker's page` }, f.percent(worker.rejected_share_1h)),
      f.ago(worker.last_share_at_ms, { suffix: '' }),
      worker.difficulty == null ? f.unknown('not connected') : f.difficulty(worker.difficulty),
      ...(account == null ? [f.amount(worker.credited_subsidy_sat + worker.credited_fees_sat, { unit: false })]
        : [f.amount(worker.credited_subsidy_sat, { unit: false }), f.amount(worker.credited_fees_sat, { unit: false })]),
      margin(worker.gross_margin),
      worker.user_agent == null ? f.unknown('not told') : h('span', { title: worker.user_agent }, worker.user_agent),
    ];
    return h('div', { class: 'vrow', role: 'row', 'data-key': `r${at}`, 'data-at': at, 'aria-rowindex': at + 2, onclick: goTo(href) },
      cells.map((cell, i) => h('div', { class: shape[i][3], role: 'cell' }, cell)));
  }

  function sortBy(key) {
    ask.order = ask.sort === key && ask.order !== 'asc' ? 'asc' : '';
    ask.sort = key;
    fresh();
  }

  function fresh() {
    turn++;
    chunks = new Map();
    reading = new Set();
    list.scrollTop = 0;
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(ask)) {
      if (value && !(name === 'sort' && value === 'trouble')) {
        url.searchParams.set(name, value);
      } else {
        url.searchParams.delete(name);
      }
    }
    history.replaceState(null, '', url);
    readChunk(0);
  }

  // What one looks at is read anew; what lies elsewhere is forgotten and read when one comes by.
  function renew() {
    const [from, to] = visible();
    const first = Math.floor(from / CHUNK);
    const last = Math.max(first, Math.floor(Math.max(from, to - 1) / CHUNK));
    for (const number of [...chunks.keys()]) {
      if (number < first || number > last) {
        chunks.delete(number);
      }
    }
    for (let number = first; number <= last; number++) {
      readChunk(number);
    }
  }

  async function toFile() {
    save.disabled = true;
    try {
      const rows = [['account', 'worker', 'state', 'hashrate_5m_hs', 'hashrate_1h_hs', 'hashrate_24h_hs', 'accepted_shares', 'rejected_shares',
        'rejects_lost_sat', 'last_share_utc', 'difficulty', 'credited_subsidy_sat', 'credited_fees_sat', 'gross_margin', 'user_agent', 'protocol']];
      let of = 1;
      for (let offset = 0; offset < of && offset < MOST_EXPORTED; offset += 500) {
        const answer = await get(path, { ...ask, sort: 'worker', order: 'asc', offset, limit: 500 }, page.signal);
        of = answer.total;
        for (const w of answer.items) {
          rows.push([w.account, w.worker, w.state, w.hashrate_5m.hashrate_hs, w.hashrate_1h.hashrate_hs, w.hashrate_24h.hashrate_hs,
            w.accepted_shares, w.rejected_shares, w.rejects_lost_sat, w.last_share_at_ms == null ? null : f.utc(w.last_share_at_ms),
            w.difficulty, w.credited_subsidy_sat, w.credited_fees_sat, w.gross_margin, w.user_agent, w.protocol]);
        }
      }
      download('workers.csv', 'text/csv', csv(rows));
    } catch (e) {
      frame.fail(e, toFile, shownAt || 1);
    } finally {
      save.disabled = false;
    }
  }

  let typing = 0;
  text.oninput = () => {
    clearTimeout(typing);
    typing = setTimeout(() => { ask.q = text.value.trim(); fresh(); }, 200);
  };
  which.onchange = () => { ask.state = which.value; fresh(); };
  save.onclick = toFile;
  let asked = false;
  list.addEventListener('scroll', () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => { asked = false; drawRows(); });
    }
  }, { passive: true });
  const watcher = new ResizeObserver(() => { if (total >= 0) { draw(); } });
  watcher.observe(list);
  const timer = setInterval(() => { if (!document.hidden) { renew(); } }, AGAIN_MS);
  live.on('again', renew, page.signal);
  page.signal.addEventListener('abort', () => { watcher.disconnect(); clearInterval(timer); clearTimeout(typing); }, { once: true });
  readChunk(0);
  return frame.element;
}

/** Part of the revenue that power leaves, of the last 24 hours. */
function margin(gross) {
  if (gross == null) {
    return f.unknown('needs prices and efficiency in the pool\'s settings, [economics] or [[power]]');
  }
  const text = f.percent(gross).replace('-', '−');
  return gross < 0 ? h('span', { class: 'bad', title: 'power costs more than it earns' }, `▼ ${text}`) : text;
}

/** A worker's state; when it went, if it went. */
export function stateOf(worker) {
  return h('span', { title: worker.since_ms == null ? null : `${worker.state === 'offline' ? 'since' : 'connected since'} ${f.utc(worker.since_ms)}` },
    f.state(worker.state));
}
