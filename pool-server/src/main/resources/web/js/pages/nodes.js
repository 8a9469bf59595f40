// Can I trust it tonight?
import { h, middle } from '../dom.js';
import * as f from '../format.js';
import { failingLine, feed, panel, table } from '../panel.js';
import { alertPanel } from './alerts.js';
import { pairs, rejectTable } from './shared.js';

/** Nodes, journal, database, disk, work sent, refused shares. */
export function nodesPage(page) {
  const line = h('p', { class: 'sentence' }, 'reading …');
  const nodes = panel('Bitcoin nodes');
  const journal = panel('Share journal', { span: 'c4' });
  const database = panel('Database and ledger', { span: 'c4' });
  const machine = panel('Machine', { span: 'c4' });
  const network = panel('Chain', { span: 'c4' });
  const template = panel('Template', { span: 'c4' });
  const guard = panel('Template guard', { span: 'c4' });
  const rejects = panel('Refused shares, since start', { span: 'c12' });
  const jobs = panel('Work sent', { window: 'newest first' });
  page.add(line, h('div', { class: 'grid' }, nodes.element, journal.element, database.element, machine.element, network.element, template.element, guard.element,
    rejects.element, jobs.element, alertPanel(page, { test: true })));

  feed(page, '/nodes', { panels: [nodes], every: 5_000, on: ['node', 'job'], show: (read) => drawNodes(nodes, read.items) });
  feed(page, '/health', {
    panels: [failingLine(line), journal, database, machine, guard],
    every: 5_000,
    show(read) {
      line.replaceChildren(f.state(read.ready && read.live ? 'good' : 'warning', read.ready_text), read.open_blocks ? ` ${f.plural(read.open_blocks, 'found block')} not yet settled.` : '');
      drawJournal(journal, read.journal);
      drawBooks(database, read);
      drawMachine(machine, read);
      drawGuard(guard, read.template_guard);
    },
  });
  feed(page, '/network', {
    panels: [network],
    every: 30_000,
    on: ['job'],
    show: (read) => network.show(pairs([
      ['Chain', read.network], ['Tip', f.grouped(read.height)], ['Difficulty', f.difficulty(read.difficulty)], ['Bits', h('code', null, read.bits)],
      ['Network', f.rate(read.network_hashrate_hs), ' as difficulty implies'],
      ['Mempool', read.mempool_transactions == null ? f.unknown('the node did not tell') : f.plural(read.mempool_transactions, 'transaction')],
      ['Asked', f.ago(read.as_of_ms)]])),
  });
  feed(page, '/template', { panels: [template], every: 30_000, on: ['job'], show: (read) => template.show(templateRows(read)) });
  feed(page, '/rejects', { panels: [rejects], every: 10_000, show: (read) => rejects.show(rejectTable(read.accepted, read.items)) });
  feed(page, '/jobs', {
    panels: [jobs],
    every: 60_000,
    on: ['job'],
    show(read) {
      read.items.length === 0 ? jobs.empty('None since start: there was no template yet.') : jobs.show(
        table('Work sent', [['When'], ['Height', 'n'], ['Why'], ['Transactions', 'n mid'], ['Fees', 'n'], ['On top of', 'mid']], read.items.slice(0, 20).map((job) => ({
          key: `${job.at_ms}-${job.height}-${job.fees_sat}`,
          cells: [f.ago(job.at_ms), f.grouped(job.height), job.new_tip ? 'new tip' : 'renewed', f.grouped(job.transactions), f.amount(job.fees_sat),
            h('code', { title: job.previous_block }, middle(job.previous_block, 4, 12))] }))));
    },
  });
}

function drawNodes(frame, items) {
  if (items.length === 0) {
    frame.empty('No node is configured.');
    return;
  }
  frame.show(table('Bitcoin nodes', [['Node', 'wrap'], ['State'], ['Tip', 'n mid'], ['Behind', 'n'], ['Latency', 'n mid'], ['Peers', 'n mid'], ['Since', 'mid'], ['Version', 'mid']], items.map((node) => ({
    key: node.name,
    cells: [h('span', null, node.name, node.current ? h('span', { class: 'sub' }, ' gives templates') : null, node.silent ? h('span', { class: 'warn' }, ' ▲ silent') : null),
      h('span', { title: node.text }, f.state(node.ready ? (node.warnings.length ? 'warning' : 'good') : 'critical', node.ready ? 'ready' : node.state.toLowerCase().replaceAll('_', ' '))),
      known(node.height, f.grouped), known(node.lag_blocks, (lag) => (lag === 0 ? 'no' : h('span', { class: 'warn' }, `▲ ${f.plural(lag, 'block')}`))),
      known(node.latency_ms, (ms) => f.span(ms)), known(node.peers, f.grouped), f.ago(node.since_ms, { suffix: '' }), node.version ?? f.unknown('not told')],
  }))), items.filter((node) => !node.ready || node.warnings.length).map((node) => h('p', { class: node.ready ? 'warn' : 'bad' },
    `${node.ready ? '▲' : '✕'} ${node.name}: ${[node.ready ? '' : node.text, ...node.warnings].filter(Boolean).join(' ')}`)));
}

function known(value, show) {
  return value == null ? f.unknown('the node did not tell') : show(value);
}

function drawJournal(frame, journal) {
  frame.show(pairs([
    ['State', f.state(journal.failures || journal.cause ? 'critical' : 'good', journal.state.toLowerCase()), journal.cause ? ` ${journal.cause}` : ''],
    ['Last share', `number ${f.grouped(journal.last_sequence)}`],
    ['Forced to disk', `${f.plural(journal.groups, 'time')}, mean ${f.span(journal.force_mean_ms)}, longest ${f.span(journal.force_max_ms)}`],
    ['Shares refused', f.grouped(journal.shares_refused), ' for want of room'],
    ['Failures', journal.failures ? h('span', { class: 'bad' }, f.grouped(journal.failures)) : 'none'],
  ]));
}

function drawBooks(frame, { database, ledger, payouts, open_blocks: open }) {
  frame.show(pairs([
    ['Carried over', `up to share ${f.grouped(database.folded_sequence)}, ${f.plural(database.behind_shares, 'share')} behind`],
    ['Database', database.error == null ? f.state('good') : h('span', { class: 'bad' }, `✕ ${database.error}`)],
    ['Ledger', !ledger.checked ? 'not checked yet' : ledger.holds ? f.state('good', 'all invariants hold') : h('span', { class: 'bad' }, `✕ ${ledger.broken.join('; ')}`)],
    ['Payouts', payouts.problem == null ? f.state('good', 'no problem') : h('span', { class: 'warn' }, `▲ ${payouts.problem}`)],
    ['Open blocks', open === 0 ? 'none' : f.grouped(open)],
  ]));
}

/** The node is shown each template's block with our own coinbase, before a share could make it one. */
function drawGuard(frame, { checked, refused, blocked }) {
  frame.show(pairs([
    ['State', blocked != null ? f.state('critical', 'stopped') : checked === 0 ? 'nothing was shown to the node yet' : f.state('good', 'takes our blocks')],
    ['Shown to the node', f.plural(checked, 'block')],
    ['It would refuse', refused === 0 ? 'none' : h('span', { class: 'warn' }, `▲ ${f.grouped(refused)}`)],
  ]), blocked == null ? null : h('p', { class: 'bad' }, `✕ ${blocked}`));
}

function drawMachine(frame, { disk, process, open_connections: connections }) {
  const used = 1 - disk.free_bytes / Math.max(1, disk.total_bytes);
  frame.show(pairs([
    ['Disk free', used > 0.9 ? h('span', { class: 'warn' }, '▲ ', f.bytes(disk.free_bytes)) : f.bytes(disk.free_bytes), ` of ${f.bytes(disk.total_bytes)}`],
    ['', h('progress', { max: 1, value: used, 'aria-label': `disk ${f.percent(used)} full` })],
    ['Runs for', f.span(process.uptime_ms)],
    ['Memory', `${f.bytes(process.heap_used_bytes)} of ${f.bytes(process.heap_max_bytes)}`],
    ['Processor', process.cpu_load == null ? f.unknown('the system does not tell') : `${f.percent(process.cpu_load)} of all cores`],
    ['Threads', f.grouped(process.threads)],
    ['Connections', f.grouped(connections)],
  ]));
}

function templateRows(read) {
  return pairs([
    ['Height', f.grouped(read.height)], ['Reward', f.amount(read.reward_sat), ', ', f.amount(read.fees_sat), ' of it fees'],
    ['Transactions', f.grouped(read.transactions), `, weight ${f.grouped(read.weight)}`], ['Received', f.ago(read.received_at_ms), ` from ${read.node}`],
    ['On top of', h('code', { title: read.previous_block }, middle(read.previous_block, 4, 12))], ['Version', h('code', null, read.version)],
    ['Rules', read.rules.join(' ')],
  ]);
}
