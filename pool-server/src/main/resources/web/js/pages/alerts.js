// What the pool wants somebody to know.
import { h, middle } from '../dom.js';
import { send } from '../api.js';
import * as f from '../format.js';
import { feed, panel, table } from '../panel.js';

/** Alerts, active ones first. With `test`, operators may send one through all channels. */
export function alertPanel(page, { span = 'c12', test = false, most = 10 } = {}) {
  const answer = h('span', { class: 'sub', role: 'status' });
  const button = test ? h('button', { type: 'button', onclick: () => tryAll(answer) }, 'send a test alert') : null;
  const frame = panel('Alerts', { span, tools: test ? [answer, button] : [] });
  feed(page, '/alerts', {
    panels: [frame],
    every: 60_000,
    on: ['alert'],
    show(read) {
      const seen = new Set();
      const all = [...read.active, ...read.recent].filter((alert) => !seen.has(alert.id) && seen.add(alert.id));
      if (all.length === 0) {
        frame.empty('None since the pool started.');
        return;
      }
      frame.show(table('Alerts', [['State', 'mid'], ['When', 'mid'], ['What', 'mid'], ['About', 'wrap mid'], ['Details', 'wrap']], all.slice(0, Math.max(most, read.active.length)).map((alert) => {
        const active = alert.ended_at_ms == null && read.active.some((one) => one.id === alert.id);
        const state = () => (active ? f.state(alert.severity) : h('span', { class: 'sub' }, alert.ended_at_ms == null ? alert.severity : 'ended'));
        return {
          key: String(alert.id),
          cells: [state(), f.ago(alert.at_ms), alert.kind.replaceAll('-', ' '), short(alert.subject),
            h('span', null, h('span', { class: 'phone' }, state(), ', ', f.ago(alert.at_ms), ': '), short(alert.text))],
        };
      })));
    },
  });
  return frame.element;
}

/** The text of an alert is one for logs and letters, too; here sums, hashes and addresses stand as everywhere. */
function short(text) {
  return h('span', { title: text }, text.replace(/\b\d{4,15}(?= sat\b)/g, (digits) => f.grouped(Number(digits))).replace(/\b[0-9a-f]{64}\b/g, (hash) => middle(hash, 4, 12))
    .replace(/\b[0-9A-Za-z]{26,90}\b/g, (address) => middle(address)));
}

async function tryAll(answer) {
  answer.textContent = 'sending …';
  try {
    await send('POST', '/alerts/test', '');
    answer.textContent = 'sent';
  } catch (e) {
    answer.textContent = e.status === 401 ? 'operators only; sign in below' : e.message;
  }
}
