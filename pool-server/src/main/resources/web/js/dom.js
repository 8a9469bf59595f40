// Elements made and mended. Text enters a page through text nodes only: names of workers, user agents and
// messages come from strangers.

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path', 'rect', 'line', 'title']);
const HANDLERS = ['onclick', 'oninput', 'onchange', 'onsubmit', 'onkeydown', 'ontoggle'];

/** An element: h('td', {class: 'n', title: 'x'}, 'text', child, null). Keys that begin with "on" are handlers. */
export function h(tag, attributes, ...children) {
  const svg = SVG_TAGS.has(tag);
  const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      if (!HANDLERS.includes(name)) {
        throw new Error(`handler ${name} would not survive an update (expected: one of ${HANDLERS})`);
      }
      element[name] = value;
    } else if (name === 'value') {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      add(element, child);
    } else if (child instanceof Node) {
      element.append(child);
    } else if (child !== null && child !== undefined && child !== false) {
      element.append(String(child));
    }
  }
}

/** Makes the children of an element equal to new ones, keeping nodes, focus and selection where nothing changed. */
export function patch(element, ...children) {
  const wanted = document.createElement('div');
  add(wanted, children);
  sync(element, [...wanted.childNodes]);
}

function sync(parent, wanted) {
  const keyed = new Map();
  for (const child of parent.childNodes) {
    if (child.dataset?.key) {
      keyed.set(child.dataset.key, child);
    }
  }
  let at = parent.firstChild;
  for (const next of wanted) {
    const key = next.dataset?.key;
    let old = key ? keyed.get(key) : at;
    while (!key && old && old.dataset?.key) {
      old = old.nextSibling;
    }
    if (!old || !alike(old, next)) {
      parent.insertBefore(next, at);
      continue;
    }
    if (old === at) {
      at = at.nextSibling;
    } else {
      parent.insertBefore(old, at);
    }
    become(old, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.dataset?.key === b.dataset?.key && a.type === b.type;
}

/** Makes an element equal to another of its kind, keeping its place, focus and what did not change. */
export function become(old, next) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data) {
      old.data = next.data;
    }
    return;
  }
  // What the reader opened stays open.
  const keep = old.nodeName === 'DETAILS' ? 'open' : null;
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && name !== keep) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of next.attributes) {
    if (name === 'style') {
      // The pages' policy lets scripts set properties, but no attribute that holds them.
      if (old.style.cssText !== next.style.cssText) {
        old.style.cssText = next.style.cssText;
      }
    } else if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  for (const handler of HANDLERS) {
    if (old[handler] !== next[handler]) {
      old[handler] = next[handler];
    }
  }
  sync(old, [...next.childNodes]);
}

/** Text with what lies in the middle left out: account and hash, shown to people who only need to tell them apart. */
export function middle(text, head = 6, tail = 6) {
  return text.length <= head + tail + 3 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

/** Hands a text to the reader as a file. */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = h('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Rows as CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csv(rows) {
  return rows.map((row) => row.map(cell).join(',') + '\r\n').join('');
}

function cell(value) {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

/** A button that copies a text and says so. */
export function copyButton(text, what) {
  return h('button', {
    type: 'button',
    'aria-label': `Copy ${what}`,
    onclick: async (event) => {
      const button = event.currentTarget;
      button.textContent = (await copy(text)) ? 'copied' : 'select it';
      setTimeout(() => { button.textContent = 'copy'; }, 2_000);
    },
  }, 'copy');
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages without TLS have no clipboard; the old way still works in most browsers.
    const field = h('textarea', { class: 'sr', readonly: true, 'aria-hidden': 'true' });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}
