// The same blocks under other rules of sharing.
import { h } from '../dom.js';
import * as f from '../format.js';
import { feed, panel } from '../panel.js';
import { schemeName } from './shared.js';

/** A panel that shows what each scheme would have given, with the range chance alone makes. */
export function comparePanel(page, path, title, columns = 'c12') {
  const frame = panel(title, { span: columns });
  feed(page, path, {
    panels: [frame],
    every: 5 * 60_000,
    on: ['block'],
    soon: 1_000,
    show(read) {
      if (read.blocks === 0 || read.schemes.length === 0) {
        frame.empty('Nothing to compare before the pool has found a block.');
        return;
      }
      const largest = Math.max(1, ...read.schemes.map((row) => row.high_sat), ...read.schemes.map((row) => row.earned_sat));
      frame.show(h('p', { class: 'sub' }, `The last ${f.plural(read.blocks, 'block')} (${f.three(read.expected_blocks)} expected), `, f.amount(read.reward_sat),
        ' in all. The bar is what the blocks would have given; the line is where chance alone puts 95 % of cases. The scheme in force stands in bold.'),
      h('div', { class: 'bars' }, read.schemes.map((row) => bar(row, largest))));
    },
  });
  return frame.element;
}

function bar(row, largest) {
  const x = (sat) => ((sat / largest) * 100).toFixed(2);
  return h('div', { class: 'bar-row', 'data-key': row.scheme },
    h('span', { class: `clip${row.in_force ? ' now' : ''}`, title: row.in_force ? 'in force' : null }, schemeName(row.scheme), row.in_force ? h('span', { class: 'sr' }, ' (in force)') : null),
    h('svg', { viewBox: '0 0 100 16', preserveAspectRatio: 'none', role: 'img', 'aria-label': `${row.scheme}: ${f.amountText(row.earned_sat)}, by chance ${f.amountText(row.low_sat)} to ${f.amountText(row.high_sat)}` },
      h('rect', { class: 'whole', x: 0, y: 2, width: 100, height: 12 }),
      h('rect', { class: 'part', x: 0, y: 2, width: x(row.earned_sat), height: 12 }),
      h('line', { class: 'span', x1: x(row.low_sat), x2: x(row.high_sat), y1: 8, y2: 8, 'vector-effect': 'non-scaling-stroke' })),
    f.amount(row.earned_sat));
}
