// Which rig needs me?
import { segment } from '../api.js';
import { historyPanel } from '../chart.js';
import { h } from '../dom.js';
import * as f from '../format.js';
import { failingLine, feed, panel, table } from '../panel.js';
import { stateOf, workerList } from '../workerlist.js';
import { connectPanel } from './pool.js';
import { accountLink, explained, money, rateTile, rejectTable } from './shared.js';

/** All workers of the pool. */
export function workersPage(page) {
  page.heading.classList.add('sr');
  const connect = connectPanel('c12');
  const rejects = panel('Refused shares by cause, since start', { window: 'of all workers' });
  page.add(h('div', { class: 'grid' }, workerList(page, '/workers'), rejects.element));
  feed(page, '/rejects', { panels: [rejects], every: 10_000, show: (read) => rejects.show(rejectTable(read.accepted, read.items)) });
  // Who has no worker yet wants to know how to get one.
  feed(page, '/pool', {
    every: 60_000,
    show(read) {
      const counts = read.workers;
      const none = counts.live + counts.warming + counts.slow + counts.offline === 0;
      if (none && !connect.element.isConnected) {
        page.add(h('div', { class: 'grid' }, connect.element));
      }
      connect.draw(read);
    },
  });
}

/** A worker by its number. */
export function workerPage(page, id) {
  drawWorker(page, `/workers/${segment(id)}`);
}

/** A worker's page: charts, causes of refused shares, sessions. */
export function drawWorker(page, path) {
  const line = h('p', { class: 'sentence' });
  const rates = panel('Hashrate now', { span: 'c3', tile: true });
  const shares = panel('Shares, all time', { span: 'c3', tile: true });
  const credits = panel('Credited', { span: 'c3', tile: true });
  const margin = panel('Margin', { span: 'c3', tile: true });
  const rejects = panel('Refused shares by cause, since start', { span: 'c5' });
  const sessions = panel('Connections now', { span: 'c7' });
  const why = panel('Explain my share', { window: 'refused ones, newest first' });
  page.add(line,
    h('div', { class: 'grid' }, rates.element, shares.element, credits.element, margin.element),
    h('div', { class: 'grid' }, historyPanel(page, `${path}/history`, { name: 'worker-hashrate' }), rejects.element, sessions.element, why.element));

  feed(page, path, {
    panels: [failingLine(line), rates, shares, credits, margin, rejects, sessions],
    every: 5_000,
    on: ['block'],
    show(read) {
      const { worker } = read;
      page.title(worker.worker || '(no name)');
      line.replaceChildren(stateOf(worker), worker.since_ms == null ? '' : h('span', null, worker.state === 'offline' ? ' since ' : ', connected since ', f.ago(worker.since_ms)),
        '. Account ', accountLink(worker.account), '. Last share ', f.ago(worker.last_share_at_ms), '. ',
        worker.user_agent == null ? 'Device not told.' : h('span', null, `Device ${worker.user_agent}.`));
      rates.show(rateTile(worker.hashrate_5m, '5 min', [[worker.hashrate_1h, '1 h'], [worker.hashrate_24h, '24 h']]));
      shares.show(shareTile(worker));
      credits.show(f.amountFigure(worker.credited_subsidy_sat + worker.credited_fees_sat),
        h('div', { class: 'sub' }, f.amount(worker.credited_subsidy_sat), ' subsidy + ', f.amount(worker.credited_fees_sat), ' fees, from blocks in the chain'));
      drawMargin(margin, read.margin);
      // Accepted ones are those of all time; these are not to be set against them.
      rejects.show(rejectTable(null, read.rejects));
      drawSessions(sessions, read.sessions);
    },
  });
  feed(page, `${path}/rejects`, { query: () => ({ limit: innerWidth <= 640 ? 15 : 50 }), panels: [why], every: 15_000, show: (read) => why.show(explained(read.items)) });
}

function shareTile(worker) {
  const all = worker.accepted_shares + worker.rejected_shares;
  return [
    h('div', { class: 'figure' }, f.grouped(worker.accepted_shares)),
    h('div', { class: 'sub' }, `${f.plural(worker.rejected_shares, 'refused', 'refused')}${all ? ` (${f.percent(worker.rejected_shares / all)})` : ''}, cost since start `, f.amount(worker.rejects_lost_sat)),
    worker.best_difficulty == null ? null : h('div', { class: 'sub', title: 'A matter of luck only.' }, `best share ${f.difficulty(worker.best_difficulty)}`),
  ];
}

function drawMargin(frame, margin) {
  if (!margin) {
    frame.empty('Not known while there is no work: the network\'s target comes with it.');
    return;
  }
  const unit = margin.currency;
  const missing = [margin.joules_per_terahash == null ? 'joules_per_terahash' : null, margin.power_price_per_kwh == null ? 'power_price_per_kwh' : null,
    margin.revenue_day == null ? 'price_per_btc' : null].filter(Boolean);
  frame.show(
    margin.gross_margin == null ? f.amountFigure(margin.revenue_sat_day, { after: h('small', null, ' a day') })
      : h('div', { class: 'figure' }, h('span', { class: margin.left_day < 0 ? 'bad' : null }, `${margin.left_day < 0 ? '▼ ' : ''}${f.percent(margin.gross_margin).replace('-', '−')}`), ' ', h('small', null, 'gross')),
    margin.gross_margin == null ? null : h('div', { class: 'sub' }, f.amount(margin.left_sat_day), ` (${money(margin.left_day).replace('-', '−')} ${unit}) a day left of `, f.amount(margin.revenue_sat_day)),
    h('div', { class: 'sub' }, 'at the rate of 24 h, group ', h('b', null, margin.group),
      margin.kilowatts == null ? null : `: ${f.three(margin.joules_per_terahash)} J/TH, ${f.three(margin.kilowatts)} kW`,
      margin.power_price_per_kwh == null ? null : `, ${money(margin.power_price_per_kwh)} ${unit} per kWh`),
    margin.break_even_power_price_per_kwh == null ? null : h('div', { class: 'sub' }, `pays while power is below ${money(margin.break_even_power_price_per_kwh)} ${unit} per kWh`),
    missing.length ? h('div', { class: 'sub' }, 'Margin needs ', missing.map((key, i) => [i ? ', ' : '', h('code', null, key)]), ' in the settings, section ', h('code', null, '[economics]'), '.') : null);
}

function drawSessions(frame, sessions) {
  if (sessions.length === 0) {
    frame.empty('Not connected.');
    return;
  }
  frame.show(table('Connections', [['Since'], ['Device', 'wrap'], ['Via', 'mid'], ['Difficulty', 'n mid'], ['Shares', 'n'], ['Last share', 'n']],
    sessions.map((one) => ({
      key: one.session_id,
      cells: [f.ago(one.connected_at_ms, { suffix: '' }), one.user_agent ?? f.unknown('not told'), one.protocol === 'sv2' ? 'V2' : 'V1',
        one.difficulty == null ? f.unknown('none yet') : f.difficulty(one.difficulty), f.grouped(one.accepted_shares), f.ago(one.last_share_at_ms, { suffix: '' })],
    }))));
}
