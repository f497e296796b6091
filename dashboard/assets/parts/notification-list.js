/** Where news goes, and whether it arrives. */
function notificationList() {
  return {
    get rows() {
      return (page().status?.notifications ?? []).map(({ to, state, message, since }) => ({
        to,
        look: lookOf(state),
        message: message === undefined ? '' : sayTimes(message),
        since: since ?? '',
        isDated: since !== undefined,
      }));
    },
    get isShown() {
      return this.rows.length > 0;
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('notificationList', notificationList));
