import type { AzureSettings } from '../../state-schema/generated/host-settings.ts';

/** A setting about signing in to Azure that cannot be meant. */
export interface AzureFault {
  readonly key: keyof AzureSettings;
  readonly message: string;
}

interface Keys {
  readonly needs: readonly (keyof AzureSettings)[];
  readonly takes: readonly (keyof AzureSettings)[];
}

const KEYS: Readonly<Record<AzureSettings['identity'], Keys>> = {
  managed: { needs: [], takes: ['client', 'identityUrl'] },
  'client-secret': { needs: ['tenant', 'client', 'clientSecretFile'], takes: ['loginUrl'] },
  workload: { needs: ['tenant', 'client', 'tokenFile'], takes: ['loginUrl'] },
};

const OF_IDENTITIES = [
  'tenant',
  'client',
  'clientSecretFile',
  'tokenFile',
  'loginUrl',
  'identityUrl',
] as const;

/** What is wrong with the way to sign in to Azure: each kind of identity takes its own keys. Pure. */
export function azureFaults(azure: AzureSettings | undefined): readonly AzureFault[] {
  if (azure === undefined) return [];
  const { needs, takes } = KEYS[azure.identity];
  const lacking = needs.filter((key) => azure[key] === undefined);
  const foreign = OF_IDENTITIES.filter(
    (key) => azure[key] !== undefined && !needs.includes(key) && !takes.includes(key),
  );
  return [
    ...lacking.map((key) => ({
      key: 'identity' as const,
      message: `is ${azure.identity}, which needs ${key} beside it`,
    })),
    ...foreign.map((key) => ({
      key,
      message: `means nothing here: the identity is ${azure.identity}, which takes ${[...needs, ...takes].join(', ')}`,
    })),
  ];
}
