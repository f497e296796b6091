import type { Fault } from '../errors.ts';

/** What a message about a remote names. */
export interface RemoteSubject {
  readonly policy: string;
  /** The place on the remote, as the state repo names it. */
  readonly place: string;
}

type Trouble = Extract<
  Fault['reason'],
  'NoSpace' | 'AuthenticationFailed' | 'BucketMissing' | 'RemoteMissing' | 'RemoteUnreachable'
>;

/**
 * Words of rclone, restic and the stores behind them, in the order of asking: a store that is full, or past a cap that
 * its owner set, also answers 403, and what cannot be authorised often says so more than once.
 */
const WORDS: readonly (readonly [RegExp, Trouble])[] = [
  [
    /no space left|insufficient ?storage|cap[_ ]exceeded|(?:quota|account|storage)\w*[_ ]?exceeded/i,
    'NoSpace',
  ],
  [/didn't find section in config file/, 'RemoteMissing'],
  [/NoSuchBucket|ContainerNotFound|bucket\b.{0,80}\b(?:not found|does not exist)/i, 'BucketMissing'],
  [
    /\(40[13]\)|unauthori[sz]ed|forbidden|access ?denied|InvalidAccessKeyId|SignatureDoesNotMatch|AuthenticationFailed|AuthorizationFailure|unable to authenticate|bad_auth_token/i,
    'AuthenticationFailed',
  ],
  [/directory not found|container does not exist/, 'BucketMissing'],
  [
    /connection (?:refused|reset|timed out)|no such host|server misbehaving|no route to host|network is unreachable|time-?out|deadline exceeded|broken pipe|closed network connection|TLS handshake|\bEOF\b|couldn't connect|too many requests|service unavailable|bad gateway|internal server error|\((?:429|50[0234])\)|(?:status|code|response|error)\W{0,3}(?:429|50[0234])\b/i,
    'RemoteUnreachable',
  ],
];

/** What is wrong with a remote, as far as the words of rclone or restic tell; undefined when they speak of something else. Pure. */
export function remoteTrouble(stderr: string, subject: RemoteSubject): Fault | undefined {
  // The place is named in many messages, and a bucket may be called anything.
  const said = stderr.replaceAll(subject.place, '');
  const reason = WORDS.find(([words]) => words.test(said))?.[1];
  return reason === undefined ? undefined : { reason, ...sentence(reason, subject) };
}

function sentence(reason: Trouble, { place, policy }: RemoteSubject): Pick<Fault, 'message' | 'next'> {
  const remote = place.slice(0, place.indexOf(':'));
  switch (reason) {
    case 'NoSpace':
      return {
        message: `the remote takes no more data at ${place}: it is full, or past a limit of its account`,
        next: 'raise the limit of the account, free space there, or keep less',
      };
    case 'RemoteMissing':
      return {
        message: `rclone knows no remote ${remote}`,
        next: `declare ${remote} under remotes: in the state repo`,
      };
    case 'BucketMissing':
      return {
        message: `there is no bucket or folder ${place}`,
        next: `make it at the provider, or correct it in ${policy}`,
      };
    case 'AuthenticationFailed':
      return {
        message: `the remote ${remote} did not accept the credentials for ${place}`,
        next: `check the secrets of the remote ${remote}, and what its key may do`,
      };
    case 'RemoteUnreachable':
      return {
        message: `the remote ${remote} does not answer (${place})`,
        next: `look at the network; then: anchord policy run ${policy}`,
      };
  }
}
