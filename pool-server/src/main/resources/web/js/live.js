// The pool's events, one connection for all pages of this tab.
import { setNow } from './format.js';

const EVENTS = ['pool', 'job', 'block', 'alert', 'node'];
const AGAIN_MS = 3_000;

/** Silence after which figures are called old. The pool speaks every two seconds. */
export const QUIET_MS = 15_000;

const readers = new Map();
let source = null;
let heardAt = 0;
let lostAt = 0;
let began = performance.now();

/** The last figures told, or null. */
export let tick = null;

/** Has a function called at each event of a kind; "again" comes when the stream is back after a break. */
export function on(kind, reader, signal) {
  const all = readers.get(kind) ?? new Set();
  readers.set(kind, all);
  all.add(reader);
  signal?.addEventListener('abort', () => all.delete(reader), { once: true });
}

function tell(kind, data) {
  for (const reader of readers.get(kind) ?? []) {
    reader(data);
  }
}

/** Connects, and again after a new sign-in. A page that nobody looks at connects when it is looked at. */
export function connect() {
  source?.close();
  source = null;
  if (document.hidden) {
    return;
  }
  source = new EventSource('/api/v1/events');
  for (const kind of EVENTS) {
    source.addEventListener(kind, (event) => heard(kind, event));
  }
  source.onopen = () => {
    heardAt = performance.now();
    if (lostAt) {
      lostAt = 0;
      tell('again', null);
    }
  };
  source.onerror = () => {
    lostAt ||= performance.now();
    // After an HTTP error a browser gives up; the pool may only be starting.
    if (source?.readyState === EventSource.CLOSED) {
      setTimeout(connect, AGAIN_MS);
    }
  };
}

// A browser opens six connections to a server, for all tabs together, and a page left behind keeps its own for another
// minute, in case one comes back. Streams nobody reads would leave none for the page one looks at.
function pause() {
  source?.close();
  source = null;
  lostAt ||= performance.now();
}

function resume() {
  if (!source) {
    began = performance.now();
    heardAt &&= began;
    connect();
  }
}

addEventListener('pagehide', pause);
addEventListener('pageshow', (event) => event.persisted && resume());
document.addEventListener('visibilitychange', () => (document.hidden ? pause() : resume()));

function heard(kind, event) {
  heardAt = performance.now();
  const data = JSON.parse(event.data);
  if (kind === 'pool') {
    tick = data;
    setNow(data.as_of_ms);
  }
  tell(kind, data);
}

/** How long nothing was heard, in milliseconds. */
export function silence() {
  return performance.now() - (heardAt || began);
}

/** Whether anything was ever heard. */
export function everHeard() {
  return heardAt > 0;
}
