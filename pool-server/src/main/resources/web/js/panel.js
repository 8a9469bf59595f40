// Panels: a title and figures that are being read, are there, are not there, could not be read, or are old.
import { h, patch } from './dom.js';
import { get } from './api.js';
import * as live from './live.js';
import { clock, now } from './format.js';

let nextId = 0;

/** A panel with a heading; `tools` stand at its right end. */
export function panel(title, { span = 'c12', window = null, tools = [], tile = false, live: isLive = false } = {}) {
  const id = `p${++nextId}`;
  const note = h('p', { class: 'note', hidden: true });
  const body = h('div', { class: 'body' });
  const element = h('section', { class: `panel ${span}${tile ? ' tile' : ''}${isLive ? ' live' : ''}`, 'aria-labelledby': id },
    h('header', null, h('h2', { id }, title), window ? h('span', { class: 'window' }, window) : null,
      tools.length ? h('div', { class: 'tools' }, tools) : null),
    note, body);
  patch(body, h('p', { class: 'state loading' }, 'reading …'));
  return {
    element,
    body,
    titleId: id,
    /** Shows figures. */
    show(...children) {
      element.classList.remove('stale');
      note.hidden = true;
      patch(body, ...children);
    },
    /** There is nothing to show, and why. */
    empty(...words) {
      this.show(h('div', { class: 'state' }, words));
    },
    /** It could not be read: instead of figures, or above old ones. */
    fail(problem, again, shownAt) {
      if (shownAt) {
        element.classList.add('stale');
        note.hidden = false;
        patch(note, `Figures of ${clock(shownAt)} UTC; reading them anew failed: ${problem.message} `,
          h('button', { type: 'button', class: 'link', onclick: again }, 'Try again'));
        return;
      }
      element.classList.remove('stale');
      note.hidden = true;
      patch(body, problem.status === 401 || problem.status === 403 ? forOperators() : h('div', { class: 'state' },
        h('span', { class: 'bad' }, `✕ Could not be read: ${problem.message}`), ' ',
        h('button', { type: 'button', class: 'link', onclick: again }, 'Try again')));
    },
  };
}

function forOperators() {
  return h('div', { class: 'state' }, 'Shown to operators only. ',
    h('button', { type: 'button', class: 'link', onclick: () => document.dispatchEvent(new CustomEvent('adit-sign-in')) }, 'Sign in'),
    ' with the pool\'s token.');
}

/**
 * Reads a path into one or several panels, at once, every so often, and when certain events come.
 * Readings never overlap; a page that is not looked at waits.
 */
export function feed(page, path, { query = () => ({}), every = 0, on = [], panels = [], show, soon = 150 }) {
  let shownAt = 0;
  let busy = false;
  let wanted = false;
  let timer = 0;
  const read = async () => {
    clearTimeout(timer);
    if (page.signal.aborted) {
      return;
    }
    if (busy) {
      wanted = true;
      return;
    }
    busy = true;
    try {
      const data = await get(path, query(), page.signal);
      if (!page.signal.aborted) {
        show(data);
        shownAt = now();
      }
    } catch (e) {
      if (page.signal.aborted) {
        return;
      }
      if (!('status' in e)) {
        console.error(e);
      }
      for (const one of panels) {
        one.fail(e, read, shownAt);
      }
    } finally {
      busy = false;
      const delay = wanted ? 0 : typeof every === 'function' ? every() : every;
      if (!page.signal.aborted && (wanted || delay > 0)) {
        timer = setTimeout(whenSeen, delay);
      }
      wanted = false;
    }
  };
  const whenSeen = () => {
    if (document.hidden) {
      document.addEventListener('visibilitychange', read, { once: true, signal: page.signal });
    } else {
      read();
    }
  };
  for (const kind of [...on, 'again']) {
    live.on(kind, () => {
      clearTimeout(timer);
      timer = setTimeout(read, soon);
    }, page.signal);
  }
  page.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  read();
  return { read };
}

/** A line outside of panels: says so when its figures could not be read. */
export function failingLine(line) {
  return {
    fail(problem, again, shownAt) {
      if (!shownAt) {
        patch(line, h('span', { class: 'bad' }, '✕ Could not be read.'));
      }
    },
  };
}

/** Buttons of which one is pressed. */
export function choice(label, options, chosen, pick) {
  const buttons = options.map(([value, text]) => h('button', {
    type: 'button',
    'aria-pressed': String(value === chosen),
    onclick: (event) => {
      for (const button of buttons) {
        button.setAttribute('aria-pressed', String(button === event.currentTarget));
      }
      pick(value);
    },
  }, text));
  return h('div', { class: 'seg', role: 'group', 'aria-label': label }, buttons);
}

/** A table: columns as [heading, class], rows as arrays of cells, or {key, cells, href}. */
export function table(caption, columns, rows) {
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${caption}, table` },
    h('table', null, h('caption', { class: 'sr' }, caption),
      h('thead', null, h('tr', null, columns.map(([title, kind]) => h('th', { scope: 'col', class: kind }, title)))),
      h('tbody', null, rows.map((row) => {
        const cells = Array.isArray(row) ? row : row.cells;
        return h('tr', { 'data-key': row.key, class: row.href ? 'go' : null, onclick: row.href ? goTo(row.href) : null },
          cells.map((cell, i) => h('td', { class: columns[i][1] }, cell)));
      }))));
}

/** A click anywhere in a row follows its link, unless text is being selected. */
export function goTo(href) {
  return (event) => {
    if (!event.target.closest('a, button, summary') && !getSelection().toString()) {
      document.dispatchEvent(new CustomEvent('adit-go', { detail: href }));
    }
  };
}
