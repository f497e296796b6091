/** What the demo says once its page is there: at first what to try, later only where things are. Pure. */
export function demoWelcome(what: {
  readonly dir: string;
  readonly url: string;
  readonly host: string;
  readonly isNew: boolean;
}): string {
  const { dir, url, host } = what;
  const first = `
  Try this in another terminal:
    git clone ${dir}/upstream.git my-${host}
    cat >> my-${host}/hosts/${host}/directories.yaml <<'END'

  /space/photos:
    mode: "2775"
END
    git -C my-${host} commit -am 'A place for photos'
    git -C my-${host} push
    sleep 2; ls -ld ${dir}/root/space/photos    # it is there
    git -C my-${host} fetch
    git -C my-${host} log origin/anchord-status/${host}    # and the host said so
`;
  return `
  ${host} lives in ${dir}/. Its page: ${url}
${what.isNew ? first : ''}
  Ctrl-C ends it; starting it again goes on where it was.

`;
}
