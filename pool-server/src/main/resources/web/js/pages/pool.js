// Does it run, how fast, when comes the next block?
import { copyButton, h, patch } from '../dom.js';
import * as f from '../format.js';
import * as live from '../live.js';
import { historyPanel } from '../chart.js';
import { failingLine, feed, panel } from '../panel.js';
import { alertPanel } from './alerts.js';
import { blockTable, luckWords, rateTile, rejectTable } from './shared.js';

/** The pool at a glance. */
export function poolPage(page) {
  page.heading.classList.add('sr');
  const sentence = h('p', { class: 'sentence live' }, 'reading …');
  const rates = panel('Hashrate now', { span: 'c3', tile: true, live: true });
  const workers = panel('Workers', { span: 'c3', tile: true, live: true });
  const next = panel('Next block', { span: 'c3', tile: true, live: true });
  const wait = panel('Expected block', { span: 'c3', tile: true });
  const connect = connectPanel();
  const shares = panel('Shares since start', { span: 'c8', live: true });
  const luck = panel('Luck, all time', { span: 'c4', tile: true });
  const blocks = panel('Last blocks', { tools: [h('a', { href: '/blocks', 'data-nav': true }, 'all')] });
  page.add(sentence,
    h('div', { class: 'grid' }, rates.element, workers.element, next.element, wait.element),
    h('div', { class: 'grid' }, historyPanel(page, '/pool/history', { span: 'c8', name: 'pool-hashrate' }), connect.element),
    h('div', { class: 'grid' }, shares.element, luck.element, blocks.element, alertPanel(page, { most: 5 })));

  let pool = null;
  let nodes = null;
  const draw = () => {
    if (!pool) {
      return;
    }
    patch(sentence, stateSentence(pool, nodes));
    rates.show(rateTile(pool.hashrate_10m, '10 min', [[pool.hashrate_1h, '1 h'], [pool.hashrate_24h, '24 h']]));
    workers.show(workerTile(pool));
    next.show(nextBlock(pool.template));
    wait.show(expected(pool.expected_block));
    connect.draw(pool);
    shares.show(shareFigures(pool));
    luck.show(luckWords(pool.luck));
    pool.blocks.length ? blocks.show(blockTable(pool.blocks, { short: true })) : blocks.empty(noBlocks(pool.expected_block));
  };
  feed(page, '/pool', {
    panels: [failingLine(sentence), rates, workers, next, wait, connect, shares, luck, blocks],
    every: 30_000,
    on: ['block'],
    show(read) {
      f.setNow(read.as_of_ms);
      pool = read;
      draw();
    },
  });
  feed(page, '/nodes', { every: 60_000, on: ['node'], show(read) { nodes = read.items; draw(); } });
  live.on('pool', (tick) => {
    if (pool) {
      pool = merged(pool, tick);
      draw();
    }
  }, page.signal);
}

/** What a tick tells anew. */
function merged(pool, tick) {
  const { hashrate_5m, hashrate_10m, hashrate_1h, hashrate_24h, connections, workers, template, alerts_active } = tick;
  return {
    ...pool, hashrate_5m, hashrate_10m, hashrate_1h, hashrate_24h, connections, workers, template, alerts_active,
    state: { kind: tick.state, text: tick.state_text },
    shares: { ...pool.shares, accepted: tick.accepted_shares, rejected: tick.rejected_shares, accepted_per_s: tick.accepted_per_s, last_accepted_at_ms: tick.last_accepted_at_ms },
  };
}

function stateSentence(pool, nodes) {
  const runs = pool.state.kind === 'running';
  const parts = [f.state(runs ? 'good' : 'warning', `${pool.state.text.replace(/\.$/, '')}.`)];
  if (pool.template) {
    parts.push(` Template ${f.grouped(pool.template.height)}, `, f.ago(pool.template.received_at_ms, { suffix: ' old' }), '.');
  }
  parts.push(pool.shares.last_accepted_at_ms == null ? ' No share yet.' : [' Last share ', f.ago(pool.shares.last_accepted_at_ms), '.']);
  if (nodes) {
    const ready = nodes.filter((node) => node.ready).length;
    parts.push(` ${ready} of ${f.plural(nodes.length, 'node')} ready.`);
  }
  return parts;
}

function workerTile(pool) {
  const { live: up, warming, slow, offline } = pool.workers;
  return [
    h('div', { class: 'figure' }, f.grouped(up), ' ', h('small', null, 'live')),
    h('div', { class: 'sub' }, [[warming, 'warming', 'warming up'], [slow, 'slow', 'slow'], [offline, 'offline', 'offline']].filter(([count]) => count > 0)
      .map(([count, kind, word]) => [f.state(kind, `${f.grouped(count)} ${word}`), ' · ']), f.plural(pool.connections, 'connection')),
  ];
}

function nextBlock(template) {
  if (!template) {
    return h('p', { class: 'state' }, 'There is no template: the node gives none now. See Nodes & health.');
  }
  return [
    f.amountFigure(template.reward_sat),
    h('div', { class: 'sub' }, f.amount(template.subsidy_sat), ' + ', f.amount(template.fees_sat), ' fees · ',
      f.plural(template.transactions, 'transaction')),
    h('div', { class: 'sub' }, `height ${f.grouped(template.height)}, template `, f.ago(template.received_at_ms, { suffix: ' old' }), ', node ', h('span', { class: 'nw', title: template.node }, f.plainHost(template.node))),
  ];
}

function expected(time) {
  if (!time) {
    return h('p', { class: 'state' }, 'Nothing can be said without shares.');
  }
  return [
    h('div', { class: 'figure', title: 'mean, at the rate of the last hour' }, f.about(time.mean_s)),
    h('div', { class: 'sub' }, `${f.chance(time.chance_day)} today`),
    h('div', { class: 'sub' }, `half of all within ${f.span(time.median_s * 1000)}, nine of ten within ${f.span(time.p90_s * 1000)}`),
  ];
}

function noBlocks(time) {
  return time ? `None yet. At this rate one in ${f.span(time.mean_s * 1000)}; the chance this year is ${f.percent(time.chance_year)}.` : 'None yet.';
}

function shareFigures(pool) {
  const { accepted, rejected, accepted_per_s: perSecond, rejects } = pool.shares;
  const all = accepted + rejected;
  return [
    h('p', null, h('b', null, f.plural(accepted, 'share')), ` accepted${all ? ` (${f.percent(accepted / all)})` : ''}, ${f.three(perSecond)}${f.NB}shares/s over the last minute.`,
      pool.best_share ? h('span', { class: 'sub', title: 'The hardest share since start. A matter of luck only.' }, ` Best share ${f.difficulty(pool.best_share.difficulty)}, `, f.ago(pool.best_share.at_ms), '.') : null),
    rejectTable(accepted, rejects),
  ];
}

// ------------------------------------------------------------------------------------------- Connect

const NAMES = { v1: 'Stratum V1', 'v1+tls': 'Stratum V1 over TLS', v2: 'Stratum V2' };
const SCHEMES = { v1: 'stratum+tcp', 'v1+tls': 'stratum+ssl', v2: 'stratum2+tcp' };

/** Where and how miners connect. */
export function connectPanel(columns = 'c4') {
  const frame = panel('Connect a miner', { span: columns });
  frame.draw = (pool) => {
    if (pool.connect.length === 0) {
      frame.empty('No port is open for miners now.');
      return;
    }
    frame.show(pool.connect.map((one) => {
      const host = one.host ?? location.hostname;
      const url = `${SCHEMES[one.transport] ?? one.transport}://${host}:${one.port}`;
      return h('div', null, h('h3', null, NAMES[one.transport] ?? one.transport),
        h('div', { class: 'copy' }, h('code', null, url), copyButton(url, `the address for ${NAMES[one.transport] ?? one.transport}`)));
    }), h('dl', { class: 'pairs' },
      h('dt', null, 'User'), h('dd', null, h('code', null, 'ADDRESS.WORKER'), ' your payout address, a dot, any name'),
      h('dt', null, 'Password'), h('dd', null, h('code', null, 'x'), ' or ', h('code', null, 'd=1024'), ' to start at that difficulty'),
      h('dt', null, 'Pays by'), h('dd', null, `${pool.scheme.text} Fee: ${f.ppm(pool.scheme.fee_subsidy_ppm)} of the subsidy, ${f.ppm(pool.scheme.fee_txfees_ppm)} of the fees.`)));
  };
  return frame;
}
