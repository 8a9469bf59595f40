// The frame around the pages: address bar, theme, unit, freshness, operator's sign-in.
import { h, patch } from './dom.js';
import { clock, now, renewAges, setBitcoin, span } from './format.js';
import { send } from './api.js';
import * as live from './live.js';
import { poolPage } from './pages/pool.js';
import { workersPage, workerPage } from './pages/workers.js';
import { accountPage, accountsPage, accountWorkerPage } from './pages/account.js';
import { blockPage, blocksPage } from './pages/blocks.js';
import { economicsPage } from './pages/economics.js';
import { nodesPage } from './pages/nodes.js';

const $ = (id) => document.getElementById(id);

const ROUTES = [
  [/^\/$/, 'Pool', poolPage],
  [/^\/workers$/, 'Workers', workersPage],
  [/^\/workers\/([^/]+)$/, 'Worker', workerPage],
  [/^\/account$/, 'Account', accountsPage],
  [/^\/account\/([^/]+)$/, 'Account', accountPage],
  [/^\/account\/([^/]+)\/([^/]+)$/, 'Worker', accountWorkerPage],
  [/^\/blocks$/, 'Blocks', blocksPage],
  [/^\/blocks\/([0-9a-f]{64})$/, 'Block', blockPage],
  [/^\/economics$/, 'Economics', economicsPage],
  [/^\/nodes$/, 'Nodes & health', nodesPage],
];

let leaving = null;

function show({ focus = false } = {}) {
  leaving?.abort();
  leaving = new AbortController();
  const path = location.pathname.replace(/(.)\/+$/, '$1').replace(/^\/index\.html$/, '/');
  const found = ROUTES.map(([pattern, title, make]) => [pattern.exec(path), title, make]).find(([match]) => match);
  const main = $('main');
  for (const link of document.querySelectorAll('#nav a')) {
    const own = link.getAttribute('href');
    const here = own === '/' ? path === '/' : path === own || path.startsWith(`${own}/`);
    here ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
    if (here) {
      link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }
  const title = found ? found[1] : 'No such page';
  const heading = h('h1', { tabindex: '-1' }, title);
  const page = {
    signal: leaving.signal,
    heading,
    title(text) {
      heading.textContent = text;
      document.title = `${text} · Adit`;
    },
    add: (...elements) => main.append(...elements),
  };
  document.title = `${title} · Adit`;
  main.replaceChildren(h('div', { class: 'head' }, heading));
  if (found) {
    try {
      found[2](page, ...found[0].slice(1).map(decodeURIComponent));
    } catch (e) {
      console.error(e);
      main.append(h('p', { class: 'banner critical' }, 'This page could not be drawn. Load it again; if that does not help, tell the pool\'s operator.'));
    }
  } else {
    main.append(h('p', null, 'There is nothing at this address. ', h('a', { href: '/', 'data-nav': true }, 'To the pool')));
  }
  if (focus) {
    scrollTo(0, 0);
    heading.focus();
  }
}

function go(href) {
  if (href !== location.pathname + location.search) {
    history.pushState(null, '', href);
  }
  show({ focus: true });
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-nav]');
  if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    go(link.getAttribute('href'));
  }
});
document.addEventListener('adit-go', (event) => go(event.detail));
addEventListener('popstate', () => show());

$('find').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = $('find-text').value.trim();
  if (text) {
    $('find-text').value = '';
    go(`/account/${encodeURIComponent(text)}`);
  }
});

// ------------------------------------------------------------------------------------ Theme and unit

const THEMES = ['auto', 'light', 'dark'];

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice lasts until the page is closed then.
  }
}

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

let theme = THEMES.includes(kept('adit.theme')) ? kept('adit.theme') : 'auto';

function nameTheme() {
  $('theme').textContent = { auto: '◐ auto', light: '☀ light', dark: '☾ dark' }[theme];
  $('theme').setAttribute('aria-label', `${$('theme').textContent}: theme of the page. Press for ${THEMES[(THEMES.indexOf(theme) + 1) % 3]}`);
}

$('theme').addEventListener('click', () => {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % 3];
  keep('adit.theme', theme);
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  nameTheme();
  document.dispatchEvent(new CustomEvent('adit-theme'));
});

let bitcoin = kept('adit.unit') === 'btc';

function nameUnit() {
  setBitcoin(bitcoin);
  $('unit').textContent = bitcoin ? 'BTC' : 'sat';
  $('unit').setAttribute('aria-label', `${bitcoin ? 'BTC' : 'sat'}: amounts are shown in ${bitcoin ? 'bitcoin' : 'satoshi'}. Press to change`);
}

$('unit').addEventListener('click', () => {
  bitcoin = !bitcoin;
  keep('adit.unit', bitcoin ? 'btc' : 'sat');
  nameUnit();
  show();
});

// ------------------------------------------------------------------------------------------ Freshness

function freshness() {
  renewAges(document);
  const silence = live.silence();
  const cut = silence > live.QUIET_MS;
  document.body.classList.toggle('cut', cut);
  const news = $('news');
  if (cut) {
    news.hidden = false;
    patch(news, live.everHeard() ? `No news for ${span(Math.floor(silence / 1000) * 1000)}, reconnecting. The figures below are old.`
      : 'The pool sends no news to this page, connecting. The figures are those of the page\'s opening.');
  } else {
    news.hidden = true;
  }
  $('asof').textContent = live.tick ? `as of ${clock(live.tick.as_of_ms)} UTC` : `it is ${clock(now())} UTC`;
}

/** Tells readers of screens; for changes of state only. */
export function say(text) {
  $('say').textContent = text;
}

let lastState = null;
live.on('pool', (tick) => {
  if (lastState !== null && lastState !== tick.state) {
    say(tick.state_text);
  }
  lastState = tick.state;
  freshness();
});
live.on('block', (block) => say(`Block ${block.height}: ${block.state}`));
live.on('alert', (alert) => say(`Alert: ${alert.text}`));
live.on('again', () => freshness());

// -------------------------------------------------------------------------------------------- Operator

const dialog = $('operator-dialog');
const openDialog = () => {
  $('operator-answer').textContent = '';
  dialog.showModal();
};
$('operator').addEventListener('click', openDialog);
document.addEventListener('adit-sign-in', openDialog);
$('operator-close').addEventListener('click', () => dialog.close());
$('operator-form').addEventListener('submit', (event) => {
  event.preventDefault();
  session('POST', $('operator-token').value.trim());
});
$('operator-out').addEventListener('click', () => session('DELETE', ''));

async function session(method, token) {
  try {
    await send(method, '/session', token);
    $('operator-token').value = '';
    dialog.close();
    live.connect();
    show();
  } catch (e) {
    $('operator-answer').textContent = e.message;
  }
}

// Where the form of the bar leads while scripts are not yet there.
const sought = new URLSearchParams(location.search).get('q')?.trim();
if (location.pathname === '/account' && sought) {
  history.replaceState(null, '', `/account/${encodeURIComponent(sought)}`);
}

nameTheme();
nameUnit();
live.connect();
setInterval(freshness, 1_000);
show();
