// Pieces that several pages show.
import { segment } from '../api.js';
import { h, middle } from '../dom.js';
import * as f from '../format.js';
import { table } from '../panel.js';

const SCHEMES = { pplns_units: 'PPLNS', pplns_work: 'PPLNS by work', prop: 'proportional', solo: 'solo', pps_plus: 'PPS+' };

/** A scheme's name for people. */
export function schemeName(kind) {
  return SCHEMES[kind] ?? kind.toUpperCase().replaceAll('_', ' ');
}

/** Names of verdicts for people; others are shown as they are. */
const VERDICTS = {
  'stale-tip': 'stale: a block came',
  'stale-work': 'stale: work withdrawn',
  'unknown-job': 'unknown job',
  'low-difficulty': 'too easy',
  'bad-time': 'wrong time',
  'bad-version': 'wrong version bits',
  'not-stored': 'could not be stored',
  duplicate: 'sent twice',
};

/** A verdict in words, the stable name in the tooltip. */
export function verdict(name) {
  return h('span', { title: name }, VERDICTS[name] ?? name.replaceAll('-', ' '));
}

/** Refused shares by cause with what they cost; `accepted` null: parts are those of all refused ones. */
export function rejectTable(accepted, rejects) {
  const refused = rejects.reduce((sum, one) => sum + one.count, 0);
  if (refused === 0) {
    return h('p', { class: 'state' }, accepted === 0 ? 'No share yet, so none refused.' : 'No share was refused.');
  }
  const all = (accepted ?? 0) + refused;
  return table('Refused shares by cause', [['Cause', 'wrap'], ['Shares', 'n'], [accepted == null ? 'Of these' : 'Part', 'n mid'], ['Cost', 'n']],
    rejects.filter((one) => one.count > 0).toSorted((a, b) => b.count - a.count).map((one) => ({
      key: one.verdict,
      cells: [verdict(one.verdict), f.grouped(one.count), f.percent(one.count / all), one.lost_sat === 0 ? h('span', { class: 'sub' }, 'nothing') : f.amount(one.lost_sat)],
    })));
}

/** How far a block is from being spendable. */
export function maturity(block, { short = false } = {}) {
  if (block.state !== 'immature') {
    return f.state(block.state);
  }
  if (block.confirmations == null) {
    return f.state('immature');
  }
  const words = `${block.confirmations} of ${block.confirmations_needed}`;
  return h('span', { title: `immature, ${words} confirmations until the coinbase may be spent` },
    f.state('immature', short ? `${block.confirmations}/${block.confirmations_needed}` : `immature, ${words}`));
}

/** The link of a block. */
export function blockLink(block, text = middle(block.hash, 4, 12)) {
  return h('a', { href: `/blocks/${block.hash}`, 'data-nav': true, title: block.hash }, text);
}

/** Who found a block, as far as the reader may know. */
export function finder(block) {
  if (block.finder_account == null && block.finder_worker == null) {
    return f.unknown('not known, or not for you to see');
  }
  return h('span', null, block.finder_worker ?? '', block.finder_worker != null && block.finder_account ? ' ' : '',
    block.finder_account ? h('span', { class: 'sub' }, middle(block.finder_account)) : null);
}

/** The work of a round against the network's: below one is good luck. */
export function effort(block) {
  return block.effort == null ? f.unknown('the round before is not known') : h('span', { title: 'work of the round over the network\'s difficulty; half of all rounds are below 69 %' }, f.percent(block.effort));
}

/** A table of blocks. */
export function blockTable(blocks, { short = false } = {}) {
  const phone = innerWidth <= 640;
  const reward = phone ? `Reward, ${f.moneyUnit()}` : 'Reward';
  const columns = short
    ? [['Height', 'n'], ['Age'], [reward, 'n'], ['Fees in it', 'n mid'], ['Effort', 'n mid'], ['Found by', 'mid'], ['State']]
    : [['Height', 'n'], ['Found'], ['Hash', 'mid'], ['Found by', 'mid'], [reward, 'n'], ['Fees in it', 'n mid'], ['Transactions', 'n mid'], ['Effort', 'n mid'], ['State']];
  return table('Blocks', columns, blocks.map((block) => {
    const height = blockLink(block, f.grouped(block.height));
    const cells = short
      ? [height, f.ago(block.found_at_ms, { suffix: '' }), f.amount(block.reward_sat, { unit: !phone }), f.amount(block.fees_sat), effort(block), finder(block), maturity(block, { short })]
      : [height, f.ago(block.found_at_ms, phone ? { suffix: '' } : {}), h('span', { class: 'mono', title: block.hash }, middle(block.hash, 4, 12)), finder(block),
        f.amount(block.reward_sat, { unit: !phone }), f.amount(block.fees_sat), f.grouped(block.transactions), effort(block), maturity(block, { short: phone })];
    return { key: block.hash, href: `/blocks/${block.hash}`, cells };
  }));
}

/** Estimates of a rate: the shorter one large, others below. */
export function rateTile(main, words, others) {
  return [
    h('div', { class: 'figure' }, f.estimate(main)),
    h('div', { class: 'sub' }, 'over ', h('span', { class: 'nw' }, words), others.map(([value, name]) => [' · ', h('span', { class: 'nw' }, f.estimate(value, { band: false }), ` ${name}`)])),
  ];
}

/** Pairs of names and values. */
export function pairs(rows) {
  return h('dl', { class: 'pairs' }, rows.filter(Boolean).map(([name, ...value]) => [h('dt', null, name), h('dd', null, value)]));
}

/** Luck with the interval that keeps it from being read as more than it is. */
export function luckWords(luck) {
  if (!luck || luck.expected_blocks === 0) {
    return h('p', { class: 'state' }, 'Nothing can be said before there is work.');
  }
  return [
    h('div', { class: 'figure' }, luck.found_blocks === 0 ? '–' : f.percent(luck.luck), ' ', h('small', null, `${f.percent(luck.low)} – ${f.percent(luck.high)}`)),
    h('div', { class: 'sub' }, `${f.plural(luck.found_blocks, 'block')} found, ${f.three(luck.expected_blocks)} expected.`,
      luck.alarming ? h('span', { class: 'bad' }, ` ▲ So few by chance alone: ${f.chance(luck.chance_so_few)}.`) : ' Within what chance does.'),
  ];
}

/** Money of the settings' currency; the unit stands beside it. */
export function money(value) {
  const size = Math.abs(value);
  return size >= 1000 ? f.grouped(value) : size >= 1 ? value.toFixed(2) : f.three(value);
}

/** The page of an account. */
export function accountLink(account, text = middle(account, 8, 6)) {
  return h('a', { href: `/account/${segment(account)}`, 'data-nav': true, title: account }, text);
}

/** Refused shares one by one: what was sent, what was wrong, what it cost. */
export function explained(items) {
  if (items.length === 0) {
    return h('p', { class: 'state' }, 'No refused share is kept. The pool keeps the newest few thousand of all workers.');
  }
  return table('Refused shares', [['When'], ['Verdict', 'mid'], ['Likely cause', 'wrap'], ['Cost', 'n mid'], ['Sent', 'mid']],
    items.map((item) => ({
      key: `${item.at_ms}-${item.nonce}-${item.job_id}`,
      cells: [f.ago(item.at_ms), verdict(item.verdict),
        h('span', null, h('span', { class: 'phone' }, h('b', null, verdict(item.verdict)), item.worth_sat === 0 ? ', cost nothing: ' : [', cost ', f.amount(item.worth_sat), ': ']), item.likely_cause, sentence(item)),
        item.worth_sat === 0 ? h('span', { class: 'sub' }, 'nothing') : f.amount(item.worth_sat),
        h('details', null, h('summary', null, 'fields'), pairs([
          ['job', hex(item.job_id)], ['height', item.height == null ? '–' : f.grouped(item.height)], ['extranonce2', hex(item.extranonce2)],
          ['ntime', hex(item.ntime)], ['nonce', hex(item.nonce)], ['version bits', hex(item.version_bits)]]))],
    })));
}

function hex(text) {
  return text == null ? '–' : h('code', null, text);
}

function sentence(item) {
  const parts = [];
  if (item.job_age_ms != null) {
    parts.push(`its job was ${f.span(item.job_age_ms)} old`);
  }
  if (item.required_difficulty != null && item.achieved_difficulty != null) {
    parts.push(`difficulty ${f.difficulty(item.achieved_difficulty)}, needed ${f.difficulty(item.required_difficulty)}`);
  }
  return parts.length ? h('span', { class: 'sub' }, ` (${parts.join('; ')})`) : null;
}
