// What did we find, is it safe?
import { segment } from '../api.js';
import { copyButton, h, middle } from '../dom.js';
import * as f from '../format.js';
import { feed, panel, table } from '../panel.js';
import { accountLink, blockTable, effort, finder, luckWords, maturity, pairs, schemeName } from './shared.js';

const STATES = [['', 'all states'], ['immature', 'immature'], ['mature', 'mature'], ['orphaned', 'orphaned']];

/** All blocks of the pool and candidates the node refused. */
export function blocksPage(page) {
  let state = '';
  let limit = 50;
  const found = panel('Found', { span: 'c4 half', tile: true });
  const luck = panel('Luck, all time', { span: 'c4', tile: true });
  const wait = panel('Expected block', { span: 'c4 half', tile: true });
  const which = h('select', { 'aria-label': 'State', onchange: () => { state = which.value; reader.read(); } }, STATES.map(([value, word]) => h('option', { value }, word)));
  const list = panel('Blocks', { tools: [which] });
  const attempts = panel('Candidates the node refused');
  page.add(h('div', { class: 'grid' }, found.element, wait.element, luck.element), h('div', { class: 'grid' }, list.element, attempts.element));

  const reader = feed(page, '/blocks', {
    query: () => ({ state, limit }),
    panels: [list, found],
    every: 30_000,
    on: ['block'],
    show(read) {
      const { immature, mature, orphaned, attempts_refused: refused } = read.counts;
      found.show(h('div', { class: 'figure' }, f.grouped(immature + mature + orphaned)),
        h('div', { class: 'sub' }, f.state('mature', `${f.grouped(mature)} mature`), ' · ', f.state('immature', `${f.grouped(immature)} immature`), ' · ',
          orphaned ? f.state('orphaned', `${f.grouped(orphaned)} orphaned`) : 'none orphaned', refused ? [' · ', f.state('refused', `${f.grouped(refused)} refused`)] : null));
      if (read.total === 0) {
        list.empty(state ? `No block is ${state}.` : 'None yet. A block stands here within two seconds of being found.');
        return;
      }
      list.show(blockTable(read.items), read.items.length < read.total
        ? h('p', { class: 'sub' }, `The newest ${f.grouped(read.items.length)} of ${f.grouped(read.total)}. `, limit < 500 ? h('button', { type: 'button', class: 'link', onclick: () => { limit = 500; reader.read(); } }, 'Show more') : null) : null);
    },
  });
  feed(page, '/pool', {
    panels: [luck, wait],
    every: 30_000,
    on: ['block'],
    show(read) {
      luck.show(luckWords(read.luck));
      const time = read.expected_block;
      time ? wait.show(h('div', { class: 'figure' }, f.about(time.mean_s)), h('div', { class: 'sub' }, `${f.chance(time.chance_day)} today, ${f.chance(time.chance_year)} this year`))
        : wait.empty('Nothing can be said without shares.');
    },
  });
  feed(page, '/attempts', {
    panels: [attempts],
    every: 60_000,
    on: ['block'],
    show(read) {
      read.items.length === 0 ? attempts.empty('None. Every candidate was taken.') : attempts.show(
        table('Candidates the node refused', [['Height', 'n'], ['When'], ['Hash'], ['Subsidy', 'n'], ['Fees', 'n'], ['What happened', 'wrap']], read.items.map((one) => ({
          key: one.hash, cells: [f.grouped(one.height), f.ago(one.at_ms), h('code', { title: one.hash }, middle(one.hash, 4, 12)), f.amount(one.subsidy_sat), f.amount(one.fees_sat),
            one.timeline.length === 0 ? f.unknown('nothing was noted') : h('details', null, h('summary', null, f.plural(one.timeline.length, 'note')), events(one.timeline))] }))));
    },
  });
}

/** A block: how it went, who got what. */
export function blockPage(page, hash) {
  const facts = panel('Block', { span: 'c6' });
  const life = panel('What happened', { span: 'c6' });
  const window = panel('The window that was paid', { span: 'c6' });
  const proof = panel('Proof', { span: 'c6' });
  const credits = panel('Who got what');
  page.add(h('div', { class: 'grid' }, facts.element, life.element, window.element, proof.element, credits.element));
  feed(page, `/blocks/${hash}`, {
    panels: [facts, life, window, proof, credits],
    every: 15_000,
    on: ['block', 'job'],
    show(read) {
      page.title(`Block ${f.grouped(read.block.height)}`);
      facts.show(factRows(read));
      life.show(timeline(read));
      drawWindow(window, read.window);
      drawProof(proof, read);
      drawCredits(credits, read);
    },
  });
}

function factRows({ block, bits, difficulty, winner_sequence: sequence, coinbase_txid: coinbase }) {
  return pairs([
    ['Hash', h('span', { class: 'copy' }, h('code', null, block.hash), copyButton(block.hash, 'the hash'))],
    ['State', maturity(block)],
    ['Found', f.ago(block.found_at_ms), ' by ', finder(block)],
    ['Reward', f.amount(block.reward_sat)],
    ['of it', f.amount(block.subsidy_sat), ' subsidy, ', f.amount(block.fees_sat), ' fees'],
    ['Pool fee', f.amount(block.pool_fee_sat)],
    ['Transactions', f.grouped(block.transactions)],
    ['Effort', effort(block)],
    ['Shared by', schemeName(block.scheme), block.direct ? '; the coinbase paid the miner itself' : ''],
    ['Difficulty', `${f.difficulty(difficulty)}, bits `, h('code', null, bits)],
    ['Coinbase', coinbase == null ? f.unknown('the node does not have the block') : h('span', { class: 'copy' }, h('code', null, coinbase), copyButton(coinbase, 'the coinbase transaction id'))],
    ['Winning share', `number ${f.grouped(sequence)} of the journal`],
  ]);
}

/** Notes about a block, oldest first. */
function events(notes) {
  return h('ol', { class: 'line' }, notes.map((event) => h('li', { 'data-key': `${event.at_ms}${event.kind}${event.node}` },
    h('b', null, event.kind.replaceAll('_', ' ')), event.node ? ` (${event.node}) ` : ' ', f.ago(event.at_ms), h('div', { class: 'sub' }, f.utc(event.at_ms), event.text ? ` · ${event.text}` : ''))));
}

function timeline({ block, timeline: notes }) {
  const parts = [];
  if (block.state === 'immature' && block.confirmations != null) {
    const words = `${block.confirmations} of ${block.confirmations_needed} confirmations`;
    parts.push(h('p', null, words), h('progress', { max: block.confirmations_needed, value: block.confirmations, 'aria-label': words }));
  }
  parts.push(events(notes));
  return parts;
}

function drawWindow(frame, window) {
  if (!window) {
    frame.empty('This scheme has no window.');
    return;
  }
  if (window.end_sequence <= window.first_sequence) {
    frame.empty('It held no share yet: this was the first block, and the finder got all.');
    return;
  }
  frame.show(pairs([
    ['Shares', `number ${f.grouped(window.first_sequence)} up to ${f.grouped(window.end_sequence)}, not itself`],
    ['Filled', `${f.three(window.filled)} of ${f.three(window.size)} ${window.unit === 'work' ? 'hashes of work' : 'units'}`],
  ]), h('progress', { max: window.size, value: Math.min(window.size, window.filled), 'aria-label': 'how full the window was' }));
}

function drawProof(frame, { block, proof_root: root }) {
  if (!root) {
    frame.empty('No root was published for this block.');
    return;
  }
  frame.show(h('p', null, 'All credits are leaves of a Merkle-sum tree. Whoever has the proof of an account and this root sees that the account was counted, with how much, and that the sum is right.'),
    pairs([['Root', h('span', { class: 'copy' }, h('code', null, root.hash), copyButton(root.hash, 'the root'))], ['Sum', f.amount(root.sat)],
      ['Check', h('code', null, 'adit proof verify FILE --root ROOT'), ` with the file from the account's page, block ${f.grouped(block.height)}`]]));
}

function drawCredits(frame, read) {
  if (read.credits.length === 0) {
    frame.empty(read.credits_total === 0 ? 'Nobody was credited.' : `${f.plural(read.credits_total, 'credit')}; whose they are is for operators, and on each account's own page.`);
    return;
  }
  const accounts = byAccount(read.credits);
  const phone = innerWidth <= 640;
  const together = (one) => f.amount(one.amount_sat, { unit: !phone });
  const rows = [];
  for (const one of accounts) {
    rows.push({ key: `a ${one.account}`, cells: [accountLink(one.account), one.workers.length === 1 ? workerName(one.workers[0]) : f.plural(one.workers.length, 'worker'),
      weight(one.weight, read.window), f.percent(one.part), f.amount(one.subsidy_sat), f.amount(one.fees_sat), together(one),
      // What the pool keeps has a leaf, too, but no page of its own.
      read.proof_root ? h('a', { href: `/api/v1/blocks/${read.block.hash}/proofs/${segment(one.account)}`, download: `proof-${read.block.height}.json`, title: 'A file that adit proof verify checks against the root without any database' }, 'proof') : ''] });
    for (const worker of one.workers.length === 1 ? [] : one.workers) {
      rows.push({ key: `w ${one.account} ${worker.worker}`, cells: ['', workerName(worker), weight(worker.weight, read.window), f.percent(worker.part),
        f.amount(worker.subsidy_sat), f.amount(worker.fees_sat), together(worker), ''] });
    }
  }
  frame.show(table('Credits', [['Account'], ['Worker'], ['In the window', 'n mid'], ['Of the reward', 'n mid'], ['Subsidy', 'n mid'], ['Fees', 'n mid'], [phone ? `Together, ${f.moneyUnit()}` : 'Together', 'n'], ['Proof']], rows),
    read.credits.length < read.credits_total ? h('p', { class: 'sub' }, `${f.grouped(read.credits.length)} of ${f.grouped(read.credits_total)} credits.`) : null);
}

function workerName(one) {
  return one.worker || '(no name)';
}

/** Work or units, and what part of all that was counted it is. */
function weight(value, window) {
  return window && window.filled > 0 ? h('span', { title: `${f.three(value)} ${window.unit === 'work' ? 'hashes of work' : 'units'}` }, f.percent(value / window.filled)) : f.three(value);
}

/** Credits of each account together, its workers below it; both with the largest first. */
function byAccount(credits) {
  const accounts = new Map();
  for (const one of credits) {
    const known = accounts.get(one.account) ?? { account: one.account, workers: [], weight: 0, part: 0, subsidy_sat: 0, fees_sat: 0, amount_sat: 0 };
    accounts.set(one.account, known);
    known.workers.push(one);
    for (const name of ['weight', 'part', 'subsidy_sat', 'fees_sat', 'amount_sat']) {
      known[name] += one[name];
    }
  }
  return [...accounts.values()].sort((a, b) => b.amount_sat - a.amount_sat);
}
