/** Events come in bursts; one look at their end is enough. */
const REFRESH_DELAY = 150;

/** Without any event the page asks this often, so that a daemon that hangs is noticed. */
const REFRESH_EVERY = 60 * SECOND;

/** A daemon that takes longer to answer does not answer. */
const ANSWER_WITHIN = 10 * SECOND;

/** The browser reconnects by itself unless the server refused; then this is how long to wait. */
const RECONNECT_DELAY = 5 * SECOND;

/** Events that change nothing which `status.json` says. */
const PASSING_EVENTS = new Set(['look.started', 'run.progress', 'restore.progress']);

let isRefreshPlanned = false;

document.addEventListener('alpine:initialized', () => {
  if (!page().live) return;
  listen();
  setInterval(planRefresh, REFRESH_EVERY);
});

function listen() {
  const events = new EventSource('api/v1/events');
  events.addEventListener('open', planRefresh);
  events.addEventListener('error', () => disconnected(events));
  events.addEventListener('anchord', (message) => heard(JSON.parse(message.data)));
}

function lost() {
  page().lostAt ??= new Date().getTime();
}

/** @param {EventSource} events */
function disconnected(events) {
  lost();
  if (events.readyState === EventSource.CLOSED) setTimeout(listen, RECONNECT_DELAY);
}

/** @param {import('../../daemon/events.ts').AnchordEvent} event */
function heard(event) {
  if (event.kind === 'run.progress') page().progress[visibleText(event.policy)] = visibleData(event.progress);
  if (event.kind === 'run.ended') delete page().progress[visibleText(event.run.policy)];
  if (!PASSING_EVENTS.has(event.kind)) planRefresh();
}

function planRefresh() {
  if (isRefreshPlanned) return;
  isRefreshPlanned = true;
  setTimeout(refresh, REFRESH_DELAY);
}

async function refresh() {
  isRefreshPlanned = false;
  try {
    const [status, history] = await Promise.all([fetched('status.json'), fetched('history.json')]);
    page().status = visibleData(/** @type {Anchord.Status} */ (status));
    page().history = visibleData(/** @type {Anchord.History} */ (history));
    page().lostAt = null;
    tick(); // What just happened would otherwise seem to lie ahead.
  } catch {
    lost();
  }
}

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
async function fetched(path) {
  const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN) });
  if (!response.ok) throw new Error(`${path}: the daemon answered ${response.status}`);
  return await response.json();
}
