/** The first line of the page: one sentence, why, and what to do. */
function verdictLine() {
  return {
    get summary() {
      return verdict(page());
    },
    get look() {
      return lookOf(this.summary.level);
    },
    get sentence() {
      return sayTimes(this.summary.sentence);
    },
    get reason() {
      return sayTimes(this.summary.reason ?? '');
    },
    /** The next step, cut into words and commands. */
    get nextParts() {
      return commandParts(this.summary.next ?? '');
    },
    get hasNext() {
      return this.nextParts.length > 0;
    },
    /** What the icon says, for those who hear the page. */
    get spokenLevel() {
      return this.look.tone === 'ok' ? '' : `${this.look.word}: `;
    },
    get title() {
      const host = page().status?.host ?? 'anchord';
      return `${host}: ${this.look.word} · anchord`;
    },
    init() {
      Alpine.effect(() => {
        document.title = this.title;
      });
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('verdictLine', verdictLine));
