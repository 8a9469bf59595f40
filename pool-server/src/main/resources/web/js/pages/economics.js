// Does mining pay?
import { h } from '../dom.js';
import * as f from '../format.js';
import { feed, panel, table } from '../panel.js';
import { comparePanel } from './compare.js';
import { luckWords, money, pairs } from './shared.js';
import { difficultyCharts, hashpriceChart, signed } from './trends.js';

const SAT = 100_000_000;

/** Hashprice, margin, break-even, a calculator, schemes side by side. */
export function economicsPage(page) {
  const price = panel('Hashprice', { span: 'c4', tile: true });
  const network = panel('Network', { span: 'c4', tile: true });
  const fees = panel('Fees', { span: 'c4', tile: true });
  const next = panel('Next difficulty', { span: 'c4', tile: true });
  const pool = panel('This pool', { span: 'c4', tile: true });
  const luck = panel('Luck, all time', { span: 'c4', tile: true });
  const groups = panel('Margin by group of machines', { window: 'at the hashrate of the last 24 h' });
  const sums = calculator();
  page.add(h('div', { class: 'grid' }, price.element, network.element, fees.element, next.element, pool.element, luck.element,
    hashpriceChart(page), difficultyCharts(page), groups.element, sums.element,
    comparePanel(page, '/compare', 'Ways of sharing, compared')));
  feed(page, '/economics', {
    panels: [price, network, fees, pool, luck, groups, sums.frame],
    every: 60_000,
    on: ['block'],
    show(read) {
      price.show(f.amountFigure(read.hashprice_sat_per_phs_day, { after: h('small', null, ' per PH/s and day') }),
        h('div', { class: 'sub' }, read.hashprice_per_phs_day == null ? 'No price of bitcoin is set; try one below. ' : `${money(read.hashprice_per_phs_day)} ${read.currency} per PH/s and day. `, `Pool fee of ${f.ppm(read.pool_fee_ppm)} taken off.`));
      network.show(h('div', { class: 'figure' }, f.rate(read.network_hashrate_hs)),
        h('div', { class: 'sub' }, `as difficulty ${f.difficulty(read.difficulty)} implies; ${f.three(read.network_work_hashes)} hashes a block`));
      fees.show(h('div', { class: 'figure' }, f.percent(read.fee_share), h('small', null, ' of a block\'s reward')),
        h('div', { class: 'sub' }, f.amount(read.mean_fees_sat), ' beside ', f.amount(read.subsidy_sat), ' of subsidy'));
      pool.show(read.pool_revenue_sat_day == null ? h('p', { class: 'state' }, 'Nothing can be said without shares.') : [
        f.amountFigure(read.pool_revenue_sat_day, { after: h('small', null, ' a day') }),
        h('div', { class: 'sub' }, 'to be expected at its rate of 24 h; ', read.time_to_block ? `a block in ${f.about(read.time_to_block.mean_s)}` : '')]);
      luck.show(luckWords(read.luck));
      drawGroups(groups, read);
      sums.set(read);
    },
  });
  feed(page, '/network', {
    panels: [next],
    every: 60_000,
    on: ['job'],
    soon: 1_000,
    show({ next_difficulty: coming }) {
      if (!coming) {
        next.empty('This chain does not adjust, or the node has not told yet.');
        return;
      }
      next.show(h('div', { class: 'figure' }, signed(coming.change_at_pace)),
        h('div', { class: 'sub' }, `in ${f.plural(coming.blocks_left, 'block')}, about ${f.span(coming.remaining_s * 1000)}, if the pace holds; ${signed(coming.change_at_target)} if the rest takes ten minutes a block`));
    },
  });
}

/** What the groups of [[power]] earn, draw and leave; what is not known is a dash with its reason. */
function drawGroups(frame, read) {
  if (read.power_groups === 0) {
    frame.empty('No group is configured. Each ', h('code', null, '[[power]]'), ' table in the pool\'s settings makes one: ', h('code', null, 'group'), ', ', h('code', null, 'workers'),
      ' (patterns such as ', h('code', null, 'alice.hall1-*'), '), ', h('code', null, 'joules_per_terahash'), ', ', h('code', null, 'power_price_per_kwh'), '.');
    return;
  }
  if (read.groups == null) {
    frame.empty('Shown to operators only. Sign in by the link at the foot of the page.');
    return;
  }
  if (read.groups.length === 0) {
    frame.empty('No worker had a share within the last 24 hours.');
    return;
  }
  const unit = read.currency;
  const no = (key) => f.unknown(`${key} is not set`);
  const price = 'economics.price_per_btc';
  const power = 'power_price_per_kwh, of the group or in [economics],';
  const joules = 'joules_per_terahash, of the group or in [economics],';
  const why = (group) => no(group.joules_per_terahash == null ? joules : group.power_price_per_kwh == null ? power : price);
  frame.show(h('p', { class: 'sub' }, 'Gross: what is left of the expected revenue after power. Cooling, hosting, downtime and depreciation are outside.'),
    table('Margin by group', [['Group'], ['Workers', 'n mid'], ['Hashrate', 'n mid'], ['J/TH', 'n mid'], [`Power, ${unit} per kWh`, 'n mid'], ['Revenue a day', 'n mid'],
      [`Power, ${unit} a day`, 'n mid'], ['Left a day', 'n'], [`Left, ${unit} a day`, 'n mid'], ['Margin', 'n'], [`Break-even, ${unit} per kWh`, 'n mid']],
    read.groups.map((group) => ({
      key: group.group,
      cells: [group.group, f.grouped(group.workers), f.rate(group.hashrate_hs),
        group.joules_per_terahash == null ? no(joules) : f.three(group.joules_per_terahash),
        group.power_price_per_kwh == null ? no(power) : money(group.power_price_per_kwh),
        f.amount(group.revenue_sat_day),
        group.power_cost_day == null ? why(group) : money(group.power_cost_day),
        group.left_sat_day == null ? why(group) : loss(group.left_day, f.amount(group.left_sat_day)),
        group.left_day == null ? why(group) : loss(group.left_day, money(group.left_day).replace('-', '−')),
        group.gross_margin == null ? why(group) : loss(group.left_day, f.percent(group.gross_margin).replace('-', '−')),
        group.break_even_power_price_per_kwh == null ? no(group.joules_per_terahash == null ? joules : price) : money(group.break_even_power_price_per_kwh)],
    }))));
}

/** A loss carries a sign and a word besides its colour. */
function loss(left, shown) {
  return left < 0 ? h('span', { class: 'bad', title: 'power costs more than it earns' }, '▼ ', shown) : shown;
}

// ----------------------------------------------------------------------------------------- Calculator

/** Sliders in steps of equal ratio: prices differ by factors, not by sums. */
function calculator() {
  const frame = panel('Calculator');
  let base = null;
  const out = h('output', { class: 'pairs-out', for: 'c-rate c-price c-power c-joules c-change' });
  const inputs = {};
  const values = {};
  const sliders = [
    slider('rate', 'Hashrate, TH/s', 0.001, 10_000_000, 100),
    slider('price', 'Price of a bitcoin', 100, 10_000_000, 100_000),
    slider('power', 'Price of power, per kWh', 0.001, 2, 0.06),
    slider('joules', 'Efficiency, J/TH', 1, 10_000, 17),
    linear('change', 'Difficulty, change in percent', -80, 300, 0),
  ];

  function slider(name, label, low, high, start) {
    const steps = 1000;
    return control(name, label, start, (value) => (Math.log(value / low) / Math.log(high / low)) * steps, (at) => Number((low * (high / low) ** (at / steps)).toPrecision(3)), { min: 0, max: steps, step: 1 }, low, high);
  }

  function linear(name, label, low, high, start) {
    return control(name, label, start, (value) => value, (at) => at, { min: low, max: high, step: 1 }, low, high);
  }

  function control(name, label, start, toSlider, fromSlider, range, low, high) {
    values[name] = start;
    const drag = h('input', { id: `c-${name}`, type: 'range', ...range });
    const exact = h('input', { type: 'number', min: low, max: high, step: 'any', 'aria-label': `${label}, exact` });
    const set = (value) => {
      values[name] = value;
      drag.value = toSlider(value);
      drag.setAttribute('aria-valuetext', String(value));
      exact.value = value;
    };
    drag.oninput = () => {
      values[name] = fromSlider(Number(drag.value));
      drag.setAttribute('aria-valuetext', String(values[name]));
      exact.value = values[name];
      reckon();
    };
    exact.oninput = () => {
      const value = Number(exact.value);
      if (exact.value !== '' && value >= low && value <= high) {
        values[name] = value;
        drag.value = toSlider(value);
        reckon();
      }
    };
    set(start);
    inputs[name] = set;
    return h('div', { class: 'slider' }, h('label', { for: `c-${name}` }, label), drag, exact);
  }

  const reckon = () => {
    if (base) {
      out.replaceChildren(result(base, values));
    }
  };
  const box = h('div', { class: 'grid', 'data-key': 'sums' }, h('div', { class: 'c6 bars' }, sliders), h('div', { class: 'c6' }, out));
  return {
    element: frame.element,
    frame,
    set(read) {
      const first = base == null;
      base = read;
      if (first) {
        for (const [name, value] of [['price', read.price_per_btc], ['power', read.power_price_per_kwh], ['joules', read.joules_per_terahash]]) {
          if (value != null) {
            inputs[name](value);
          }
        }
        frame.body.replaceChildren(h('p', { class: 'sub' }, 'What-if figures of this browser; nothing is sent. Expected values: what comes in a day scatters around them, the more the smaller the pool. Not advice.'), box);
      } else {
        frame.element.classList.remove('stale');
        frame.element.querySelector('.note').hidden = true;
      }
      reckon();
    },
  };
}

/** Revenue and cost of a day; the hashprice has the pool's fee taken off already. */
export function reckonDay(base, { rate, price, power, joules, change }) {
  const satPerThs = base.hashprice_sat_per_phs_day / 1000 / (1 + change / 100);
  const revenueSat = satPerThs * rate;
  const revenue = (revenueSat / SAT) * price;
  const kilowatts = (rate * joules) / 1000;
  const cost = kilowatts * 24 * power;
  const perKwh = (satPerThs / SAT) * price / (joules * 24 / 1000);
  return {
    revenueSat, revenue, kilowatts, cost,
    margin: revenue > 0 ? (revenue - cost) / revenue : null,
    breakEvenPower: perKwh,
    breakEvenJoules: (satPerThs / SAT) * price / (24 * power / 1000),
    breakEvenPrice: cost / (revenueSat / SAT),
  };
}

function result(base, values) {
  const day = reckonDay(base, values);
  const left = day.revenue - day.cost;
  const unit = base.currency;
  return h('div', null,
    h('div', { class: 'figure' }, h('span', { class: left < 0 ? 'bad' : null }, `${left < 0 ? '▼ −' : ''}${money(Math.abs(left))} ${unit}`), h('small', null, ` a day, ${left < 0 ? 'lost' : 'left'} after power`)),
    pairs([
      ['Revenue', f.amount(day.revenueSat), ` = ${money(day.revenue)} ${unit} a day`],
      ['Power', `${f.three(day.kilowatts)} kW, ${money(day.cost)} ${unit} a day`],
      ['Gross margin', day.margin == null ? '–' : f.percent(day.margin).replace('-', '−')],
      ['Pays while power is below', `${money(day.breakEvenPower)} ${unit} per kWh`],
      ['or the machine better than', `${f.three(day.breakEvenJoules)} J/TH`],
      ['or a bitcoin above', `${money(day.breakEvenPrice)} ${unit}`],
    ]));
}
