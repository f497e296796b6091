/** What the state repo declares and this version of anchord does not do yet. */
function notCarriedOut() {
  return {
    get items() {
      return page().status?.notCarriedOut ?? [];
    },
    get isShown() {
      return this.items.length > 0;
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('notCarriedOut', notCarriedOut));
