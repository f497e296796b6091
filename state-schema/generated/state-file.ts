// Generated from schemas/state-file.schema.json by `npm run generate`. Do not edit.

/**
 * A cloud store that rclone reaches. Other kinds and options can only be set by the host settings: type host.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Remote".
 */
export type Remote = B2Remote | S3Remote | AzureBlobRemote | HostRemote;
/**
 * The value itself, when it is no secret, or a secret by its name.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "LiteralOrSecret".
 */
export type LiteralOrSecret = string | SecretRef;
/**
 * Where a secret comes from. The host settings say which files, vaults and commands may be named.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Secret".
 */
export type Secret =
  | AzureKeyVaultSecret
  | EnvFileSecret
  | FileSecret
  | SystemdCredentialSecret
  | CommandSecret
  | OnePasswordSecret;
/**
 * Something that runs on a schedule.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Policy".
 */
export type Policy =
  BackupPolicy | MirrorPolicy | GraduatePolicy | PurgePolicy | CheckPolicy | DrillPolicy | TierPolicy;
/**
 * A number of entries, or a share of all of them such as 5%.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "RemovalLimit".
 */
export type RemovalLimit = number | string;
/**
 * Shares to mount: a list of names, or each name with its drive letter ("X:") or its place on the client (~/space, /mnt/space).
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Mounts".
 */
export type Mounts =
  | string[]
  | {
      [k: string]: string;
    };
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "HostName".
 */
export type HostName = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Name".
 */
export type Name = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "UserName".
 */
export type UserName = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "ShareName".
 */
export type ShareName = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "RemoteName".
 */
export type RemoteName = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "SourceName".
 */
export type SourceName = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "AbsolutePath".
 */
export type AbsolutePath = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Owner".
 */
export type Owner = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Mode".
 */
export type Mode = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Duration".
 */
export type Duration = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Size".
 */
export type Size = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Percent".
 */
export type Percent = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "SizeOrPercent".
 */
export type SizeOrPercent = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Schedule".
 */
export type Schedule = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "RemotePath".
 */
export type RemotePath = string;
/**
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Repository".
 */
export type Repository = string;

/**
 * Any file under hosts/<host>/ or common/ of a state repo. What the files say is merged.
 */
export interface StateFile {
  host?: Host;
  /**
   * Mounted disks, by name.
   */
  volumes?: {
    [k: string]: Volume;
  };
  /**
   * Directories that must exist, by absolute path.
   */
  directories?: {
    [k: string]: Directory;
  };
  /**
   * Symbolic links that must exist, by absolute path.
   */
  links?: {
    [k: string]: Link;
  };
  /**
   * Users of files and shares, by name.
   */
  users?: {
    [k: string]: User;
  };
  /**
   * What Samba serves, by name.
   */
  shares?: {
    [k: string]: Share;
  };
  /**
   * Cloud stores, by name.
   */
  remotes?: {
    [k: string]: Remote;
  };
  /**
   * Where secrets come from, by name. Never their values.
   */
  secrets?: {
    [k: string]: Secret;
  };
  /**
   * What runs on a schedule, by name.
   */
  policies?: {
    [k: string]: Policy;
  };
  catcher?: Catcher;
  /**
   * Edge devices, by id.
   */
  sources?: {
    [k: string]: Source;
  };
  /**
   * Computers that mount shares, by name.
   */
  clients?: {
    [k: string]: Client;
  };
  /**
   * Where news goes.
   */
  notify?: Notify[];
}
/**
 * The machine that the folder describes.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Host".
 */
export interface Host {
  /**
   * Name of the host; the same as its folder under hosts/.
   */
  name: string;
  /**
   * IANA time zone of every schedule, for example America/New_York.
   */
  timezone: string;
  /**
   * Whether the last good revision is applied again when a new one cannot be carried out.
   */
  rollback?: boolean;
}
/**
 * A mounted disk with an identity. anchord watches it, and never formats, mounts or repairs it.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Volume".
 */
export interface Volume {
  /**
   * Where it is mounted.
   */
  mount: string;
  /**
   * File system it must have.
   */
  fstype?: 'bcachefs' | 'btrfs' | 'exfat' | 'ext2' | 'ext3' | 'ext4' | 'f2fs' | 'ntfs3' | 'xfs' | 'zfs';
  /**
   * Label of the file system; this or uuid is needed to know the right disk.
   */
  label?: string;
  /**
   * UUID of the file system; this or label is needed to know the right disk.
   */
  uuid?: string;
  /**
   * Below this much free space nothing new is written there.
   */
  minFree?: string;
}
/**
 * A directory that must exist. Write {} when its owner and mode do not matter.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Directory".
 */
export interface Directory {
  /**
   * User that owns it.
   */
  owner?: string;
  /**
   * Group of it.
   */
  group?: string;
  /**
   * Permissions in octal, as a string: "0755", with setgid "2775", sticky "1777".
   */
  mode?: string;
}
/**
 * A symbolic link that must exist. It may cross volumes; movers and shares never follow it.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Link".
 */
export interface Link {
  /**
   * Where it leads.
   */
  target: string;
}
/**
 * A user that owns files and signs in to shares. Never a way to log in to the host.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "User".
 */
export interface User {
  samba?: SambaAccount;
}
/**
 * What a user needs to sign in to shares.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "SambaAccount".
 */
export interface SambaAccount {
  password: SecretRef;
}
/**
 * A secret by its name; its value never stands in this repo.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "SecretRef".
 */
export interface SecretRef {
  /**
   * A name under secrets.
   */
  secret: string;
}
/**
 * A directory that Samba serves.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Share".
 */
export interface Share {
  /**
   * A volume's mount or a declared directory.
   */
  path: string;
  /**
   * Users who may read and write.
   */
  write?: string[];
  /**
   * Users who may only read.
   */
  read?: string[];
  /**
   * Deleted files go to .recycle and stay there this long.
   */
  recycle?: string;
  timeMachine?: TimeMachine;
}
/**
 * Makes the share a Time Machine destination, and nothing else.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "TimeMachine".
 */
export interface TimeMachine {
  /**
   * The most that all Macs together are told they may use.
   */
  maxSize: string;
}
/**
 * Backblaze B2. Give a mirror a key that cannot delete file versions.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "B2Remote".
 */
export interface B2Remote {
  /**
   * What kind of store this is.
   */
  type: 'b2';
  account: LiteralOrSecret;
  key: SecretRef;
}
/**
 * A store that speaks S3.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "S3Remote".
 */
export interface S3Remote {
  /**
   * What kind of store this is.
   */
  type: 's3';
  /**
   * Whose S3 it is.
   */
  provider: 'AWS' | 'Cloudflare' | 'DigitalOcean' | 'IDrive' | 'Linode' | 'Scaleway' | 'Wasabi' | 'Other';
  accessKeyId: LiteralOrSecret;
  secretAccessKey: SecretRef;
  /**
   * Region of the bucket.
   */
  region?: string;
  /**
   * https address of the service, of a known provider. Any other address is only possible in the host settings, because a push must not pick who receives a credential.
   */
  endpoint?: string;
  /**
   * Storage class of new objects.
   */
  storageClass?: string;
}
/**
 * Azure Blob Storage.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "AzureBlobRemote".
 */
export interface AzureBlobRemote {
  /**
   * What kind of store this is.
   */
  type: 'azureblob';
  account: LiteralOrSecret;
  key: SecretRef;
}
/**
 * Whatever the host settings say this name is, under overrides.remotes: a NAS, the disk of a friend.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "HostRemote".
 */
export interface HostRemote {
  /**
   * What kind of store this is.
   */
  type: 'host';
}
/**
 * A secret in an Azure Key Vault.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "AzureKeyVaultSecret".
 */
export interface AzureKeyVaultSecret {
  /**
   * The provider.
   */
  from: 'azure-key-vault';
  /**
   * Name of the vault; the host settings must allow it.
   */
  vault: string;
  /**
   * Its name in the vault, when that differs from its name here.
   */
  name?: string;
}
/**
 * One variable of a file with KEY=value lines on the host.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "EnvFileSecret".
 */
export interface EnvFileSecret {
  /**
   * The provider.
   */
  from: 'env-file';
  /**
   * Name that the host settings give the file; not its path.
   */
  file: string;
  /**
   * Name of the variable.
   */
  key: string;
}
/**
 * The content of a file on the host, without its last line end.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "FileSecret".
 */
export interface FileSecret {
  /**
   * The provider.
   */
  from: 'file';
  /**
   * Name that the host settings give the file; not its path.
   */
  file: string;
}
/**
 * A credential that systemd hands to the daemon.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "SystemdCredentialSecret".
 */
export interface SystemdCredentialSecret {
  /**
   * The provider.
   */
  from: 'systemd-credential';
  /**
   * Its name in the unit, when that differs from its name here.
   */
  name?: string;
}
/**
 * What a command of the host settings prints.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "CommandSecret".
 */
export interface CommandSecret {
  /**
   * The provider.
   */
  from: 'command';
  /**
   * Name that the host settings give the command.
   */
  command: string;
}
/**
 * A field of a 1Password item.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "OnePasswordSecret".
 */
export interface OnePasswordSecret {
  /**
   * The provider.
   */
  from: 'onepassword';
  /**
   * Name of the vault; the host settings must allow it.
   */
  vault: string;
  /**
   * Name of the item.
   */
  item: string;
  /**
   * Name of the field.
   */
  field?: string;
}
/**
 * Versioned, encrypted snapshots of a tree with restic.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "BackupPolicy".
 */
export interface BackupPolicy {
  /**
   * What sort of policy this is.
   */
  kind: 'backup';
  /**
   * When it runs: exactly five cron fields in the host's time zone, for example "0 3 * * *".
   */
  schedule: string;
  /**
   * The tree to back up.
   */
  source: string;
  /**
   * The restic repository: an absolute path on a volume, or rclone:<remote>:<bucket>/<path>. With b2:, s3:, azure: or rest: in the place of rclone: restic speaks to the remote itself.
   */
  repository: string;
  password: SecretRef;
  keep?: Keep;
  prune?: Prune;
  limits?: BackupLimits;
  /**
   * A hook pair of the host settings that runs around it, for example a database dump.
   */
  freeze?: string;
  /**
   * Patterns of what to leave out, besides what anchord always leaves out.
   */
  exclude?: string[];
  /**
   * The most it may transfer per second, for example 10MiB.
   */
  bandwidth?: string;
  /**
   * How long one run may take before it is stopped.
   */
  timeout?: string;
  /**
   * A delay up to this long, always the same for this host and policy, so that hosts do not all start at once.
   */
  jitter?: string;
  /**
   * CPU niceness of its programs; a higher number gives way to others.
   */
  nice?: number;
  /**
   * Disk priority of its programs: idle only works while nobody else does.
   */
  ionice?: 'best-effort' | 'idle';
}
/**
 * Which snapshots to keep; without it none is ever forgotten.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Keep".
 */
export interface Keep {
  /**
   * Keep this many of the newest.
   */
  last?: number;
  /**
   * For how many of the latest hours that have one the newest snapshot is kept.
   */
  hourly?: number;
  /**
   * For how many of the latest days that have one the newest snapshot is kept.
   */
  daily?: number;
  /**
   * For how many of the latest weeks that have one the newest snapshot is kept.
   */
  weekly?: number;
  /**
   * For how many of the latest months that have one the newest snapshot is kept.
   */
  monthly?: number;
  /**
   * For how many of the latest years that have one the newest snapshot is kept.
   */
  yearly?: number;
  /**
   * Keep everything younger than this.
   */
  within?: string;
}
/**
 * When space of forgotten snapshots is given back.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Prune".
 */
export interface Prune {
  /**
   * When it runs: exactly five cron fields in the host's time zone, for example "0 3 * * *".
   */
  schedule: string;
}
/**
 * When a snapshot is held for suspect.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "BackupLimits".
 */
export interface BackupLimits {
  /**
   * How much smaller than the recent median it may be, in files or bytes, before older ones are no longer forgotten.
   */
  shrink?: string;
}
/**
 * A one-to-one copy of a tree on a remote, deletions included.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "MirrorPolicy".
 */
export interface MirrorPolicy {
  /**
   * What sort of policy this is.
   */
  kind: 'mirror';
  /**
   * When it runs: exactly five cron fields in the host's time zone, for example "0 3 * * *".
   */
  schedule: string;
  /**
   * The tree to mirror.
   */
  source: string;
  /**
   * Where the copy lies.
   */
  destination: string;
  /**
   * How many files are transferred at once.
   */
  transfers?: number;
  /**
   * List the remote with fewer requests, at the price of memory.
   */
  fastList?: boolean;
  /**
   * Recognise moved files instead of sending them again.
   */
  trackRenames?: boolean;
  limits?: MirrorLimits;
  /**
   * Patterns of what to leave out, besides what anchord always leaves out.
   */
  exclude?: string[];
  /**
   * The most it may transfer per second, for example 10MiB.
   */
  bandwidth?: string;
  /**
   * How long one run may take before it is stopped.
   */
  timeout?: string;
  /**
   * A delay up to this long, always the same for this host and policy, so that hosts do not all start at once.
   */
  jitter?: string;
  /**
   * CPU niceness of its programs; a higher number gives way to others.
   */
  nice?: number;
  /**
   * Disk priority of its programs: idle only works while nobody else does.
   */
  ionice?: 'best-effort' | 'idle';
}
/**
 * Past which a planned run is refused until a person accepts it.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "MirrorLimits".
 */
export interface MirrorLimits {
  delete?: RemovalLimit;
  /**
   * How much smaller than at the last run the source may be.
   */
  shrink?: string;
}
/**
 * Moves directories that nobody has touched for a while to another place.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "GraduatePolicy".
 */
export interface GraduatePolicy {
  /**
   * What sort of policy this is.
   */
  kind: 'graduate';
  /**
   * When it runs: exactly five cron fields in the host's time zone, for example "0 3 * * *".
   */
  schedule: string;
  /**
   * Its direct child directories are looked at, each as a whole.
   */
  from: string;
  /**
   * The directory they move into.
   */
  to: string;
  /**
   * Name there: {name} is the old one, {year} the year of the move.
   */
  name?: string;
  /**
   * How long nothing in it may have changed.
   */
  after: string;
  /**
   * A directory with a file of this name at its top stays.
   */
  unless?: string;
  /**
   * Leave a symbolic link in the old place.
   */
  leaveLink?: boolean;
  limits?: RemovalLimits;
  /**
   * Patterns of what to leave out, besides what anchord always leaves out.
   */
  exclude?: string[];
  /**
   * The most it may transfer per second, for example 10MiB.
   */
  bandwidth?: string;
  /**
   * How long one run may take before it is stopped.
   */
  timeout?: string;
  /**
   * A delay up to this long, always the same for this host and policy, so that hosts do not all start at once.
   */
  jitter?: string;
  /**
   * CPU niceness of its programs; a higher number gives way to others.
   */
  nice?: number;
  /**
   * Disk priority of its programs: idle only works while nobody else does.
   */
  ionice?: 'best-effort' | 'idle';
}
/**
 * Past which a planned run is refused until a person accepts it. Without it: 20 entries or 10 %, whichever is more.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "RemovalLimits".
 */
export interface RemovalLimits {
  delete: RemovalLimit;
}
/**
 * Deletes what nobody has touched for a while.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "PurgePolicy".
 */
export interface PurgePolicy {
  /**
   * What sort of policy this is.
   */
  kind: 'purge';
  /**
   * When it runs: exactly five cron fields in the host's time zone, for example "0 3 * * *".
   */
  schedule: string;
  /**
   * Its direct entries are looked at, each as a whole.
   */
  path: string;
  /**
   * How long nothing in it may have changed.
   */
  after: string;
  limits?: RemovalLimits;
  /**
   * Patterns of what to leave out, besides what anchord always leaves out.
   */
  exclude?: string[];
  /**
   * How long one run may take before it is stopped.
   */
  timeout?: string;
  /**
   * A delay up to this long, always the same for this host and policy, so that hosts do not all start at once.
   */
  jitter?: string;
  /**
   * CPU niceness of its programs; a higher number gives way to others.
   */
  nice?: number;
  /**
   * Disk priority of its programs: idle only works while nobody else does.
   */
  ionice?: 'best-effort' | 'idle';
}
/**
 * Reads restic repositories and says whether they are whole.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "CheckPolicy".
 */
export interface CheckPolicy {
  /**
   * What sort of policy this is.
   */
  kind: 'check';
  /**
   * When it runs: exactly five cron fields in the host's time zone, for example "0 3 * * *".
   */
  schedule: string;
  /**
   * Backup policies whose repositories are checked.
   *
   * @minItems 1
   */
  of: [string, ...string[]];
  /**
   * How much of the data is read each time: 1/52 (a part by turns), 5%, 10GiB or all. Without it only the structure is checked.
   */
  readData?: string;
  /**
   * The most it may transfer per second, for example 10MiB.
   */
  bandwidth?: string;
  /**
   * How long one run may take before it is stopped.
   */
  timeout?: string;
  /**
   * A delay up to this long, always the same for this host and policy, so that hosts do not all start at once.
   */
  jitter?: string;
  /**
   * CPU niceness of its programs; a higher number gives way to others.
   */
  nice?: number;
  /**
   * Disk priority of its programs: idle only works while nobody else does.
   */
  ionice?: 'best-effort' | 'idle';
}
/**
 * Restores a random sample and compares it with what was backed up.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "DrillPolicy".
 */
export interface DrillPolicy {
  /**
   * What sort of policy this is.
   */
  kind: 'drill';
  /**
   * When it runs: exactly five cron fields in the host's time zone, for example "0 3 * * *".
   */
  schedule: string;
  /**
   * Backup and mirror policies that are proved.
   *
   * @minItems 1
   */
  of: [string, ...string[]];
  /**
   * How many files are restored from each.
   */
  sample?: number;
  /**
   * The most it may transfer per second, for example 10MiB.
   */
  bandwidth?: string;
  /**
   * How long one run may take before it is stopped.
   */
  timeout?: string;
  /**
   * A delay up to this long, always the same for this host and policy, so that hosts do not all start at once.
   */
  jitter?: string;
  /**
   * CPU niceness of its programs; a higher number gives way to others.
   */
  nice?: number;
  /**
   * Disk priority of its programs: idle only works while nobody else does.
   */
  ionice?: 'best-effort' | 'idle';
}
/**
 * Moves the catcher's blobs from tier to tier and lets them expire, as its retention says.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "TierPolicy".
 */
export interface TierPolicy {
  /**
   * What sort of policy this is.
   */
  kind: 'tier';
  /**
   * When it runs: exactly five cron fields in the host's time zone, for example "0 3 * * *".
   */
  schedule: string;
  limits?: RemovalLimits;
  /**
   * The most it may transfer per second, for example 10MiB.
   */
  bandwidth?: string;
  /**
   * How long one run may take before it is stopped.
   */
  timeout?: string;
  /**
   * A delay up to this long, always the same for this host and policy, so that hosts do not all start at once.
   */
  jitter?: string;
  /**
   * CPU niceness of its programs; a higher number gives way to others.
   */
  nice?: number;
  /**
   * Disk priority of its programs: idle only works while nobody else does.
   */
  ionice?: 'best-effort' | 'idle';
}
/**
 * The service that edge devices send their files to.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Catcher".
 */
export interface Catcher {
  tiers: Tiers;
  retention?: Retention;
}
/**
 * Where blobs lie, from newest to oldest. hot is where they arrive.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Tiers".
 */
export interface Tiers {
  hot: Tier;
  warm?: Tier;
  cold?: Tier;
  offsite?: Tier;
}
/**
 * One place for blobs: path on a volume, or remote.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Tier".
 */
export interface Tier {
  /**
   * A directory on a volume, the catcher's own.
   */
  path?: string;
  /**
   * A place on a remote.
   */
  remote?: string;
  /**
   * How long getting a file back from here may take.
   */
  rto?: string;
  /**
   * How old the newest copy here may be.
   */
  rpo?: string;
  /**
   * How many further copies are kept.
   */
  replicas?: number;
}
/**
 * How many days each class of data is kept; null is for ever.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Retention".
 */
export interface Retention {
  /**
   * The figures to start from.
   */
  preset?: 'cloud-object' | 'on-prem' | 'cost-optimized';
  /**
   * Audit log.
   */
  audit_days?: number | null;
  /**
   * Job history.
   */
  operational_days?: number | null;
  backup?: BackupRetention;
}
/**
 * How many days a blob stays in each tier before it moves on; null is for ever.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "BackupRetention".
 */
export interface BackupRetention {
  /**
   * Days in the tier hot.
   */
  hot_days?: number | null;
  /**
   * Days in the tier warm.
   */
  warm_days?: number | null;
  /**
   * Days in the tier cold.
   */
  cold_days?: number | null;
  /**
   * Days in the tier offsite.
   */
  offsite_days?: number | null;
}
/**
 * An edge device that may send files.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Source".
 */
export interface Source {
  /**
   * What people call it.
   */
  label?: string;
  /**
   * The only logical paths it may use, each a prefix that ends in /.
   *
   * @minItems 1
   */
  paths?: [string, ...string[]];
  /**
   * The most it may store.
   */
  quota?: string;
}
/**
 * A computer that mounts shares; anchord kit makes what it needs.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Client".
 */
export interface Client {
  /**
   * What it runs.
   */
  os: 'linux' | 'macos' | 'windows';
  /**
   * Who signs in to the shares; one user per client.
   */
  user: string;
  mounts: Mounts;
}
/**
 * Where news goes: exactly one of ntfy, webhook and healthchecks. Its address is a secret, because whoever knows it can write there. signedWith is the key that signs what a webhook gets.
 *
 * This interface was referenced by `StateFile`'s JSON-Schema
 * via the `definition` "Notify".
 */
export interface Notify {
  ntfy?: SecretRef;
  webhook?: SecretRef;
  healthchecks?: SecretRef;
  signedWith?: SecretRef;
  /**
   * Which transitions are told; without it all of them. failed: a run failed, or something waits for a person. recovered: what was told is over. overdue: there was no good run when there should have been. guard: a volume cannot be used.
   *
   * @minItems 1
   */
  on?: ['failed' | 'recovered' | 'overdue' | 'guard', ...('failed' | 'recovered' | 'overdue' | 'guard')[]];
  /**
   * Only news about these policies; without it all.
   *
   * @minItems 1
   */
  policies?: [string, ...string[]];
}
