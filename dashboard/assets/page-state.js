/** How often times relative to now are said anew. */
const TICK = 5 * SECOND;

document.addEventListener('alpine:init', () => {
  const data = window.ANCHORD;
  const now = new Date().getTime();
  Alpine.store('page', {
    status: data === undefined ? null : visibleData(data.status),
    history:
      data === undefined ? { version: 1, host: '', policies: {}, passes: [] } : visibleData(data.history),
    live: data !== undefined && data.live && location.protocol.startsWith('http'),
    lostAt: null,
    now,
    minute: now,
    progress: {},
  });
  setInterval(tick, TICK);

  Alpine.magic('ago', () => (/** @type {string} */ iso) => sayAgo(iso, page().now));
  Alpine.magic('when', () => sayWhen);
});

/** Everything the page shows; reading it in a component makes the component follow it. */
function page() {
  return Alpine.store('page');
}

function tick() {
  const now = new Date().getTime();
  page().now = now;
  if (now - page().minute >= MINUTE) page().minute = now;
}
