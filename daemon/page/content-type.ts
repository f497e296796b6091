const TYPES: readonly { readonly ending: string; readonly type: string }[] = [
  { ending: '.html', type: 'text/html; charset=utf-8' },
  { ending: '.js', type: 'text/javascript; charset=utf-8' },
  { ending: '.css', type: 'text/css; charset=utf-8' },
  { ending: '.json', type: 'application/json; charset=utf-8' },
  { ending: '.svg', type: 'image/svg+xml' },
  { ending: '.md', type: 'text/markdown; charset=utf-8' },
];

/** The media type of a file of the page; what is not known is text, so that no browser runs it. */
export function contentType(path: string): string {
  return TYPES.find(({ ending }) => path.endsWith(ending))?.type ?? 'text/plain; charset=utf-8';
}
