/** How long something took, from one ISO 8601 time to another: `4 s`, `12 min`, `3 h 5 min`. Pure. */
export function tookWords(span: { readonly startedAt: string; readonly endedAt: string }): string {
  const seconds = Math.round((Date.parse(span.endedAt) - Date.parse(span.startedAt)) / 1000);
  // The clock was set back meanwhile, or one of them is no time.
  if (Number.isNaN(seconds) || seconds < 0) return '?';
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
