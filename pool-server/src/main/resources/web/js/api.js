// Reading the pool's API.

const ROOT = '/api/v1';
const PATIENCE_MS = 15_000;

/** What the pool answered instead of figures, in its own words. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

/** Reads a path below the API's root. The browser keeps the last answer and asks with its tag. */
export async function get(path, query = {}, signal = undefined) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') {
      search.set(name, value);
    }
  }
  return ask('GET', search.size ? `${path}?${search}` : path, undefined, signal);
}

/** Sends something; the answer is JSON too. */
export async function send(method, path, body) {
  return ask(method, path, body, undefined);
}

async function ask(method, path, body, signal) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let answer;
  try {
    answer = await fetch(ROOT + path, {
      method,
      body,
      credentials: 'same-origin',
      headers: body === undefined ? { Accept: 'application/json' } : { 'Content-Type': 'text/plain' },
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    if (answer.ok) {
      return await answer.json();
    }
  } catch (e) {
    if (signal?.aborted) {
      throw e;
    }
    throw new Problem(0, 'No answer', patience.aborted
      ? `The pool did not answer within ${PATIENCE_MS / 1000} s.`
      : 'The pool cannot be reached from this browser; it may be starting again.');
  }
  throw await problem(answer);
}

async function problem(answer) {
  try {
    const { title, detail } = await answer.json();
    return new Problem(answer.status, String(title ?? answer.statusText), String(detail ?? ''));
  } catch {
    return new Problem(answer.status, answer.statusText || `HTTP ${answer.status}`, '');
  }
}

/** A path's segment. */
export function segment(text) {
  // A browser would take "." and ".." for steps, so their dots are given as numbers too.
  return text === '' ? '~' : encodeURIComponent(text).replace(/^\.{1,2}$/, (dots) => '%2E'.repeat(dots.length));
}
