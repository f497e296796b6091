import type { RepositoryBackend } from '../../state-schema/parse-repository.ts';

/** How restic reaches a repository by itself. */
export interface ResticBackend {
  /** restic's own name for the place. It may hold a password: only for the environment of that one restic. */
  readonly repository: string;
  /** Variables with the keys, by restic's own names. */
  readonly variables: Readonly<Record<string, string>>;
  /** Arguments before the command. */
  readonly options: readonly string[];
}

/** A place on a remote, and the options of that remote by rclone's names. */
export interface RemoteRepository {
  readonly backend: RepositoryBackend;
  readonly place: string;
  readonly options: Readonly<Record<string, string>>;
}

/**
 * What restic's own backend for a remote needs; undefined when rclone must be asked, because the state repo says so, or
 * because the host settings make the remote of another kind, such as an alias of a folder. Names and variables:
 * https://restic.readthedocs.io/en/stable/030_preparing_a_new_repo.html. Pure.
 */
export function resticBackend({ backend, place, options }: RemoteRepository): ResticBackend | undefined {
  const { type } = options;
  if (backend === 'b2' && type === 'b2') return b2(place, options);
  if (backend === 's3' && type === 's3') return s3(place, options);
  if (backend === 'azure' && type === 'azureblob') return azure(place, options);
  if (backend === 'rest' && type === 'rest') return rest(place, options);
  return undefined;
}

type Options = Readonly<Record<string, string>>;

function b2(place: string, { account = '', key = '' }: Options): ResticBackend {
  const [bucket, path] = split(place);
  const variables = { B2_ACCOUNT_ID: account, B2_ACCOUNT_KEY: key };
  return { repository: `b2:${bucket}:${path}`, variables, options: [] };
}

function s3(place: string, options: Options): ResticBackend {
  const { region, storage_class: storageClass } = options;
  return {
    repository: `s3:${endpointOf(options)}/${place}`,
    variables: {
      AWS_ACCESS_KEY_ID: options['access_key_id'] ?? '',
      AWS_SECRET_ACCESS_KEY: options['secret_access_key'] ?? '',
      ...(region === undefined ? {} : { AWS_DEFAULT_REGION: region }),
    },
    options: storageClass === undefined ? [] : ['-o', `s3.storage-class=${storageClass}`],
  };
}

function endpointOf({ endpoint, region }: Options): string {
  if (endpoint === undefined || endpoint === '')
    return region === undefined ? 'https://s3.amazonaws.com' : `https://s3.${region}.amazonaws.com`;
  const withoutEnd = endpoint.replace(/\/+$/, '');
  return /^https?:\/\//.test(withoutEnd) ? withoutEnd : `https://${withoutEnd}`;
}

function azure(place: string, { account = '', key = '' }: Options): ResticBackend {
  const [container, path] = split(place);
  const variables = { AZURE_ACCOUNT_NAME: account, AZURE_ACCOUNT_KEY: key };
  return { repository: `azure:${container}:/${path}`, variables, options: [] };
}

/** The password stands in the address: restic has a variable for it only since 0.16.1. */
function rest(place: string, { url = '', user, pass }: Options): ResticBackend {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined) return { repository: `rest:${url}/${place}/`, variables: {}, options: [] };
  if (user !== undefined) address.username = encodeURIComponent(user);
  if (pass !== undefined) address.password = encodeURIComponent(pass);
  const path = place.split('/').map(encodeURIComponent).join('/');
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/${path}/`;
  return { repository: `rest:${address.href}`, variables: {}, options: [] };
}

/** A bucket, and the path in it. */
function split(place: string): readonly [string, string] {
  const slash = place.indexOf('/');
  return slash === -1 ? [place, ''] : [place.slice(0, slash), place.slice(slash + 1)];
}
