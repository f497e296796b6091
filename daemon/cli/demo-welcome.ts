/** What the demo says once its page is there. Pure. */
export function demoWelcome(what: {
  readonly dir: string;
  readonly url: string;
  readonly host: string;
  readonly options: { readonly listen?: string };
}): string {
  const { dir, url, host } = what;
  return `
  ${host} lives in ${dir}/ now. Its page: ${url}

  Try this in another terminal:
    git clone ${dir}/upstream.git my-${host} && cd my-${host}
    cat >> hosts/${host}/directories.yaml <<'END'

  /space/photos:
    mode: "2775"
END
    git commit -am 'A place for photos' && git push
    ls -ld ../${dir}/root/space/photos          # it is there
    git fetch && git log origin/anchord-status/${host}     # and the host said so

  Ctrl-C ends it; starting it again goes on where it was.

`;
}
