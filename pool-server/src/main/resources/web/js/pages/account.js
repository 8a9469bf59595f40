// What have I earned, what comes?
import { get, segment } from '../api.js';
import { historyPanel } from '../chart.js';
import { copyButton, h, middle } from '../dom.js';
import * as f from '../format.js';
import { failingLine, feed, panel, table } from '../panel.js';
import { workerList } from '../workerlist.js';
import { comparePanel } from './compare.js';
import { accountLink, blockLink, pairs, rateTile, rejectTable } from './shared.js';
import { drawWorker } from './workers.js';

/** A worker of an account, for whoever knows the account. */
export function accountWorkerPage(page, account, worker) {
  drawWorker(page, `/accounts/${segment(account)}/workers/${segment(worker)}`);
}

/** Asks for an account; operators also see all of them. */
export function accountsPage(page) {
  const field = h('input', { id: 'account-name', type: 'search', maxlength: '128', spellcheck: 'false', autocomplete: 'off' });
  page.add(h('div', { class: 'grid' }, h('form', {
    class: 'panel c12',
    onsubmit: (event) => {
      event.preventDefault();
      if (field.value.trim()) {
        document.dispatchEvent(new CustomEvent('adit-go', { detail: `/account/${segment(field.value.trim())}` }));
      }
    },
  }, h('label', { for: 'account-name' }, 'Your payout address, or the name of your account'), h('div', { class: 'row' }, field, h('button', { class: 'main' }, 'Show')))));
  const frame = panel('All accounts');
  page.add(h('div', { class: 'grid' }, frame.element));
  let limit = 50;
  const reader = feed(page, '/accounts', {
    query: () => ({ limit }),
    panels: [frame],
    every: 15_000,
    on: ['block'],
    show(read) {
      if (read.total === 0) {
        frame.empty('Nobody has mined here yet.');
        return;
      }
      const phone = innerWidth <= 640;
      frame.show(table('Accounts', [['Account'], ['Workers live', 'n mid'], ['Hashrate 1 h', 'n'], ['Immature', 'n mid'], [phone ? `Payable, ${f.moneyUnit()}` : 'Payable', 'n'], ['In flight', 'n mid'], ['Paid', 'n mid']],
        read.items.map((one) => ({
          key: one.account,
          href: `/account/${segment(one.account)}`,
          cells: [phone ? accountLink(one.account, middle(one.account)) : accountLink(one.account), `${f.grouped(one.workers_live)} of ${f.grouped(one.workers)}`, f.estimate(one.hashrate_1h, { band: !phone }), f.amount(one.pending_sat),
            f.amount(one.payable_sat, { unit: !phone }), f.amount(one.in_flight_sat), f.amount(one.paid_sat)],
        }))), more(read, () => { limit = Math.min(500, limit * 2); reader.read(); }));
    },
  });
}

function more(read, next) {
  return read.items.length < read.total
    ? h('p', { class: 'sub' }, `${f.grouped(read.items.length)} of ${f.grouped(read.total)}. `, read.items.length < 500 ? h('button', { type: 'button', class: 'link', onclick: next }, 'Show more') : 'The API has the rest.')
    : null;
}

/** An account: balance, what comes, credits, payouts, its workers. */
export function accountPage(page, account) {
  const path = `/accounts/${segment(account)}`;
  page.title(middle(account, 10, 8));
  page.heading.title = account;
  const line = h('p', { class: 'sentence' });
  const payable = panel('Payable', { span: 'c3', tile: true });
  const immature = panel('Immature', { span: 'c3', tile: true });
  const next = panel('Of the next block', { span: 'c3', tile: true });
  const paid = panel('Paid', { span: 'c3', tile: true });
  const rates = panel('Hashrate now', { span: 'c4', tile: true });
  const rule = panel('How it is paid', { span: 'c8' });
  const rejects = panel('Refused shares, since start', { span: 'c6' });
  page.add(line, h('div', { class: 'grid' }, payable.element, immature.element, next.element, paid.element),
    h('div', { class: 'grid' }, rates.element, rule.element,
      historyPanel(page, `${path}/history`, { name: 'account-hashrate' }),
      workerList(page, `${path}/workers`, { account, tall: false }),
      creditPanel(page, path, account), payoutPanel(page, path), rejects.element,
      comparePanel(page, `${path}/compare`, 'What would I have earned', 'c6')));

  feed(page, path, {
    panels: [failingLine(line), payable, immature, next, paid, rates, rule, rejects],
    every: 5_000,
    on: ['block'],
    show(read) {
      line.replaceChildren(...(read.known ? ['Last share ', f.ago(read.last_share_at_ms), '.'] : ['Nobody has mined under this name here yet.']));
      drawBalance(read, { payable, immature, paid });
      drawNext(next, read.expected_next);
      rates.show(rateTile(read.hashrate_10m, '10 min', [[read.hashrate_1h, '1 h'], [read.hashrate_24h, '24 h']]));
      rule.show(ruleRows(read));
      rejects.show(rejectTable(null, read.rejects));
    },
  });
}

function drawBalance({ balance, threshold_sat: threshold }, { payable, immature, paid }) {
  payable.show(f.amountFigure(balance.payable_sat),
    h('div', { class: 'sub' }, balance.in_flight_sat ? [f.amount(balance.in_flight_sat), ' in flight, in a payout under way. '] : 'Nothing in flight. ',
      balance.payable_sat >= threshold ? 'Goes out with the next payout.' : ['Goes out from ', f.amount(threshold), ' on.']));
  immature.show(f.amountFigure(balance.pending_subsidy_sat + balance.pending_fees_sat),
    h('div', { class: 'sub' }, f.amount(balance.pending_subsidy_sat), ' subsidy + ', f.amount(balance.pending_fees_sat), ' fees; payable 100 blocks after each find'));
  paid.show(f.amountFigure(balance.paid_sat + balance.paid_by_coinbase_sat),
    h('div', { class: 'sub' }, balance.paid_by_coinbase_sat ? [f.amount(balance.paid_by_coinbase_sat), ' of it by blocks directly'] : 'by payouts'));
}

function drawNext(frame, expected) {
  if (!expected) {
    frame.empty('Nothing: none of this account\'s work counts now.');
    return;
  }
  frame.show(f.amountFigure(expected.credit_sat, { before: `≈${f.NB}` }),
    h('div', { class: 'sub' }, `${f.percent(expected.part)} of it, if it is found now. ${expected.window_text}`));
}

function ruleRows(read) {
  return [h('p', null, read.scheme.text), pairs([
    ['Paid to', read.pay_to == null ? f.unknown('no address is known; the operator sets one') : h('span', { class: 'copy' }, h('code', null, read.pay_to), copyButton(read.pay_to, 'the payout address'))],
    ['From', f.amount(read.threshold_sat), ' on'],
    ['Pool fee', `${f.ppm(read.scheme.fee_subsidy_ppm)} of the subsidy, ${f.ppm(read.scheme.fee_txfees_ppm)} of the fees`],
    ['Money held', read.scheme.custodial ? 'by the pool until it is paid out' : 'never by the pool: blocks pay directly'],
    read.best_difficulty == null ? null : ['Best share', h('span', { title: 'A matter of luck only.' }, f.difficulty(read.best_difficulty))],
  ])];
}

function creditPanel(page, path, account) {
  const frame = panel('Credits', { window: 'by block, newest first' });
  let limit = 20;
  let shown = null;
  // By block, once somebody looked: what each worker earned there never changes.
  const workers = new Map();
  const open = async (hash) => {
    if (workers.has(hash)) {
      return;
    }
    workers.set(hash, h('p', { class: 'sub' }, 'reading …'));
    try {
      const read = await get(`${path}/credits/${hash}`, { limit: 100 }, page.signal);
      workers.set(hash, ofWorkers(read));
    } catch (e) {
      workers.set(hash, h('p', { class: 'bad' }, `✕ Could not be read: ${e.message}`));
    }
    if (!page.signal.aborted) {
      draw();
    }
  };
  const draw = () => {
    const read = shown;
    const phone = innerWidth <= 640;
    frame.show(table('Credits', [['Found'], ['Block', 'n'], ['Part', 'n mid'], ['Subsidy', 'n mid'], ['Fees', 'n mid'], [phone ? `Together, ${f.moneyUnit()}` : 'Together', 'n'], ['State'], ['Coinbase transaction'], ['Paid by', 'mid'], ['By worker'], ['Proof']],
      read.items.map((one) => ({
        key: one.block_hash,
        cells: [age(one.found_at_ms), blockLink({ hash: one.block_hash }, f.grouped(one.height)),
          f.percent(one.part), f.amount(one.subsidy_sat), f.amount(one.fees_sat), f.amount(one.amount_sat, { unit: !phone }), f.state(one.block_state),
          transaction(one.coinbase_txid, 'the coinbase transaction id', 'the node has the block no more, or was not asked yet'),
          one.direct ? h('span', { title: 'the coinbase transaction pays this account itself' }, 'the coinbase') : h('span', { title: 'from the balance, by the transactions below' }, 'payouts'),
          h('details', { ontoggle: (event) => event.currentTarget.open && open(one.block_hash) }, h('summary', null, 'workers'), workers.get(one.block_hash)?.cloneNode(true)),
          h('a', { href: `/api/v1/blocks/${one.block_hash}/proofs/${segment(account)}`, download: `proof-${one.height}.json`, title: 'A file that adit proof verify checks without any database' }, 'proof')],
      }))), more(read, () => { limit = Math.min(500, limit * 5); reader.read(); }));
  };
  const reader = feed(page, `${path}/credits`, {
    query: () => ({ limit }),
    panels: [frame],
    every: 60_000,
    on: ['block'],
    show(read) {
      shown = read;
      if (read.total === 0) {
        frame.empty('None yet. Each block of the pool whose window holds work of this account brings one.');
        return;
      }
      draw();
    },
  });
  return frame.element;
}

/** An age in a table: on a phone each letter counts. */
function age(ms) {
  return f.ago(ms, innerWidth <= 640 ? { suffix: '' } : {});
}

/** What each worker earned from a block. */
function ofWorkers(read) {
  return h('div', null, pairs(read.items.map((one) => [one.worker || '(no name)', f.amount(one.amount_sat), h('span', { class: 'sub' }, ' = ', f.amount(one.subsidy_sat), ' subsidy + ', f.amount(one.fees_sat), ' fees')])),
    read.items.length < read.total ? h('p', { class: 'sub' }, `The ${f.grouped(read.items.length)} with most of ${f.grouped(read.total)}; the API has the rest.`) : null);
}

/** A transaction's id, shortened, with a button to copy it. */
function transaction(txid, what, why) {
  return txid == null ? f.unknown(why) : h('span', { class: 'copy' }, h('code', { title: txid }, middle(txid)), copyButton(txid, what));
}

function payoutPanel(page, path) {
  const frame = panel('Payouts', { window: 'newest first' });
  let limit = 20;
  const reader = feed(page, `${path}/payouts`, {
    query: () => ({ limit }),
    panels: [frame],
    every: 30_000,
    show(read) {
      if (read.total === 0) {
        frame.empty('None yet.');
        return;
      }
      const phone = innerWidth <= 640;
      frame.show(table('Payouts', [['When'], ['State'], [phone ? `Amount, ${f.moneyUnit()}` : 'Amount', 'n'], ['Network fee', 'n mid'], ['Received', 'n mid'], ['Address', 'mid'], ['Transaction']],
        read.items.map((one) => ({
          key: one.id,
          cells: [age(one.created_at_ms), one.state, f.amount(one.amount_sat, { unit: !phone }), f.amount(one.fee_sat), f.amount(one.paid_sat), h('code', { title: one.address }, middle(one.address)),
            transaction(one.txid, 'the transaction id', 'not sent yet')],
        }))), more(read, () => { limit = Math.min(500, limit * 5); reader.read(); }));
    },
  });
  return frame.element;
}
