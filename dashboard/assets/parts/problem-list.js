/** Why the newest revision was rejected. */
function problemList() {
  return {
    get rows() {
      const problems = page().status?.problems ?? [];
      return problems.map((problem, index) => ({
        key: index,
        place: `${problem.file}:${problem.line}:${problem.column}`,
        parts: codeParts(problem.message),
      }));
    },
    get isShown() {
      return this.rows.length > 0;
    },
    get sentence() {
      const source = page().status?.source;
      const rejected = (source?.attempted ?? '').slice(0, 10);
      const kept = source?.applied;
      const rest =
        kept === undefined
          ? 'Nothing has been applied yet.'
          : `Revision ${kept.slice(0, 10)} stays in force.`;
      return `Revision ${rejected} has ${sayCount(this.rows.length, 'problem')}, so nothing of it was applied. ${rest}`;
    },
  };
}

document.addEventListener('alpine:init', () => Alpine.data('problemList', problemList));
