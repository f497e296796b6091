// Generated from schemas/host-settings.schema.json by `npm run generate`. Do not edit.

/**
 * An absolute path on the host.
 *
 * This interface was referenced by `HostSettingsFile`'s JSON-Schema
 * via the `definition` "HostFile".
 */
export type HostFile = string;
/**
 * A time span: seconds, minutes, hours or days, for example 90s or 12h.
 *
 * This interface was referenced by `HostSettingsFile`'s JSON-Schema
 * via the `definition` "Duration".
 */
export type Duration = string;

/**
 * /etc/anchord/anchord.yaml: what only somebody with root on the host may decide. A push never changes it.
 */
export interface HostSettingsFile {
  /**
   * Name of this host: the folder hosts/<host> of the state repo and the branch anchord-status/<host>.
   */
  host: string;
  repository: RepositorySettings;
  status?: StatusSettings;
  /**
   * An absolute path on the host.
   */
  stateDir?: string;
  /**
   * Prefix of every host path: / in service, a folder in the demo and in tests.
   */
  root?: string;
  /**
   * Address and port of the page and the API.
   */
  listen?: string;
  /**
   * Names under which the page may be asked for, besides the address it listens on and localhost.
   */
  hosts?: string[];
  tls?: TlsSettings;
  /**
   * Who may read the page: none needs no sign-in and is only possible on loopback; tokens is not carried out yet, and with it the daemon does not start.
   */
  auth?: 'none' | 'tokens';
  /**
   * Register unknown sources by themselves; by default only when listening on loopback. Not carried out yet.
   */
  open?: boolean;
  allow?: AllowSettings;
  secrets?: SecretProviders;
  overrides?: OverrideSettings;
}
/**
 * The state repo, how to reach it, and what of it is believed.
 */
export interface RepositorySettings {
  /**
   * Where the state repo is: an absolute path, http(s) or ssh. No credentials in it.
   */
  url: string;
  /**
   * The branch that describes the host.
   */
  branch?: string;
  /**
   * How often to look when nothing told the daemon to; ± 10 % jitter.
   */
  interval?: string;
  /**
   * The most that one fetch may bring; a push of more is refused, and cannot fill the disk of the state directory.
   */
  fetchLimit?: string;
  credentials?: GitCredentials;
  /**
   * Absolute path of a file, mode 0600, with the secret of POST /hooks/push: one line of at least 16 characters. Without it there is no such hook.
   */
  webhookSecret?: string;
  /**
   * Whether every commit must be signed by one of the allowed signers.
   */
  verify?: 'none' | 'signed';
  /**
   * Who may sign: absolute paths of files on the host, each an OpenSSH allowed-signers file or armored OpenPGP public keys. One path, or a list.
   */
  allowedSigners?: HostFile | [HostFile, ...HostFile[]];
}
/**
 * How to sign in to it.
 */
export interface GitCredentials {
  /**
   * http(s): the name that goes with the password; many forges take any beside a token.
   */
  username?: string;
  /**
   * http(s): a file that holds the password or token, which nobody else can read.
   */
  passwordFile?: string;
  /**
   * https: the certificate, in PEM, of the authority that signed the server's; no other authority is then believed.
   */
  caFile?: string;
  /**
   * ssh: a private key without a passphrase, which nobody else can read: the deploy key of this host.
   */
  keyFile?: string;
  /**
   * ssh: the keys that the server may answer with, as ssh-keyscan prints them. anchord never writes it.
   */
  knownHostsFile?: string;
}
/**
 * The status branch anchord-status/<host>.
 */
export interface StatusSettings {
  /**
   * Where the status branch goes; by default the state repo.
   */
  url?: string;
  credentials?: GitCredentials1;
  /**
   * An absolute path on the host.
   */
  signingKey?: string;
  /**
   * Keep paths and names of files and users off the branch.
   */
  redact?: boolean;
}
/**
 * How to sign in there. Where status.url is not given, the state repo's are used.
 */
export interface GitCredentials1 {
  /**
   * http(s): the name that goes with the password; many forges take any beside a token.
   */
  username?: string;
  /**
   * http(s): a file that holds the password or token, which nobody else can read.
   */
  passwordFile?: string;
  /**
   * https: the certificate, in PEM, of the authority that signed the server's; no other authority is then believed.
   */
  caFile?: string;
  /**
   * ssh: a private key without a passphrase, which nobody else can read: the deploy key of this host.
   */
  keyFile?: string;
  /**
   * ssh: the keys that the server may answer with, as ssh-keyscan prints them. anchord never writes it.
   */
  knownHostsFile?: string;
}
/**
 * Not carried out yet: with it, the daemon does not start.
 */
export interface TlsSettings {
  /**
   * An absolute path on the host.
   */
  cert: string;
  /**
   * An absolute path on the host.
   */
  key: string;
}
/**
 * What the state repo may refer to by name and never define itself.
 */
export interface AllowSettings {
  secrets?: AllowedSecrets;
  /**
   * Existing users that the repo may name, besides those anchord made.
   */
  users?: string[];
  /**
   * Freeze hooks by name: what runs before and after a backup, as root, without a shell.
   */
  hooks?: {
    [k: string]: HookPair;
  };
  /**
   * Hosts, each as it stands in the address and with its port if that is given there, that notifications may go to although they are on this machine or this network, or are spoken to without TLS.
   */
  notify?: string[];
  /**
   * Mount points that are otherwise refused, for example /home/media.
   */
  volumes?: string[];
}
/**
 * Where secrets may come from.
 */
export interface AllowedSecrets {
  /**
   * Files that secrets may come from, by the name the repo uses.
   */
  files?: {
    [k: string]: HostFile;
  };
  /**
   * Azure Key Vaults and 1Password vaults that secrets may come from, by name.
   */
  vaults?: string[];
  /**
   * Commands that print a secret, by the name the repo uses: program and arguments, run without a shell.
   */
  commands?: {
    /**
     * @minItems 1
     */
    [k: string]: [string, ...string[]];
  };
}
export interface HookPair {
  /**
   * Program and arguments that run before.
   *
   * @minItems 1
   */
  before: [string, ...string[]];
  /**
   * Program and arguments that run after.
   *
   * @minItems 1
   */
  after: [string, ...string[]];
}
/**
 * How this host reaches the services that hold secrets.
 */
export interface SecretProviders {
  azure?: AzureSettings;
  onepassword?: OnePasswordSettings;
}
/**
 * Azure Key Vault: how to sign in, and where it is.
 */
export interface AzureSettings {
  /**
   * Who the host is: the managed identity of an Azure machine; an application with a client secret; or one with a token that something else keeps in a file.
   */
  identity: 'managed' | 'client-secret' | 'workload';
  /**
   * Id or domain of the tenant; for client-secret and workload.
   */
  tenant?: string;
  /**
   * Id of the application; of a managed identity only where a machine has more than one.
   */
  client?: string;
  /**
   * An absolute path on the host.
   */
  clientSecretFile?: string;
  /**
   * An absolute path on the host.
   */
  tokenFile?: string;
  /**
   * Address of a vault; {vault} stands for its name. Plain http only to this machine itself.
   */
  vaultUrl?: string;
  /**
   * What tokens are asked for.
   */
  resource?: string;
  /**
   * Where client-secret and workload get their tokens.
   */
  loginUrl?: string;
  /**
   * Where managed gets its tokens: the metadata service of the machine.
   */
  identityUrl?: string;
}
/**
 * 1Password: a Connect server, and the token that it knows this host by.
 */
export interface OnePasswordSettings {
  /**
   * Address of the Connect server. Plain http only to this machine itself.
   */
  connectUrl: string;
  /**
   * An absolute path on the host.
   */
  tokenFile: string;
  /**
   * An absolute path on the host.
   */
  caFile?: string;
}
/**
 * What replaces the state repo's own word on this host; the repo cannot set it.
 */
export interface OverrideSettings {
  /**
   * Nobody is told anything, whatever the state repo says.
   */
  notify?: 'off';
  /**
   * rclone remotes by name: type and options, each a text or the content of a file on the host.
   */
  remotes?: {
    [k: string]: OverrideRemote;
  };
  /**
   * Secrets by name, each the content of a file on the host without its last line end.
   */
  secrets?: {
    [k: string]: SecretFile;
  };
}
export interface OverrideRemote {
  /**
   * rclone's name for this kind of remote, for example b2; all other keys are its options.
   */
  type: string;
  [k: string]: string | RemoteOptionFile;
}
/**
 * An option of a remote that is a secret.
 *
 * This interface was referenced by `HostSettingsFile`'s JSON-Schema
 * via the `definition` "RemoteOptionFile".
 */
export interface RemoteOptionFile {
  /**
   * An absolute path on the host.
   */
  file: string;
  /**
   * Whether rclone expects this option obscured, as it does passwords; the file then holds it plain, and anchord obscures it.
   */
  obscure?: boolean;
}
export interface SecretFile {
  /**
   * An absolute path on the host.
   */
  file: string;
}
/**
 * How to sign in to a remote, by files on the host that are read when they are needed. http and https take username and passwordFile, https also caFile; ssh needs keyFile and knownHostsFile; a local folder takes none.
 *
 * This interface was referenced by `HostSettingsFile`'s JSON-Schema
 * via the `definition` "GitCredentials".
 */
export interface GitCredentials2 {
  /**
   * http(s): the name that goes with the password; many forges take any beside a token.
   */
  username?: string;
  /**
   * http(s): a file that holds the password or token, which nobody else can read.
   */
  passwordFile?: string;
  /**
   * https: the certificate, in PEM, of the authority that signed the server's; no other authority is then believed.
   */
  caFile?: string;
  /**
   * ssh: a private key without a passphrase, which nobody else can read: the deploy key of this host.
   */
  keyFile?: string;
  /**
   * ssh: the keys that the server may answer with, as ssh-keyscan prints them. anchord never writes it.
   */
  knownHostsFile?: string;
}
