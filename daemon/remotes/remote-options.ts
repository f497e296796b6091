import type { Remote, SecretRef } from '../../state-schema/generated/state-file.ts';

/** Options of a remote by rclone's own names; a reference stands for a secret. */
export type RemoteOptions = Readonly<Record<string, string | SecretRef>>;

/** What rclone calls the options of a remote that the state repo declares; undefined for one that it leaves to the host settings. Pure. */
export function remoteOptions(remote: Remote): RemoteOptions | undefined {
  switch (remote.type) {
    case 'host':
      return undefined;
    case 'b2':
    case 'azureblob':
      return { type: remote.type, account: remote.account, key: remote.key };
    case 's3':
      return {
        type: 's3',
        provider: remote.provider,
        access_key_id: remote.accessKeyId,
        secret_access_key: remote.secretAccessKey,
        ...(remote.region === undefined ? {} : { region: remote.region }),
        ...(remote.endpoint === undefined ? {} : { endpoint: remote.endpoint }),
        ...(remote.storageClass === undefined ? {} : { storage_class: remote.storageClass }),
      };
  }
}
