import type { AuditLog } from './audit/audit-log.ts';
import { AuditedStore } from './audit/audited-store.ts';
import { openAudit } from './audit/open-audit.ts';
import { Cleanups } from './cleanups.ts';
import { systemClock, type Clock } from './clock.ts';
import { ClockWatch } from './clock-trust/clock-watch.ts';
import { isSynchronised } from './commands/timedatectl.ts';
import { EventHub } from './event-hub.ts';
import { AdoptedDisks } from './guards/adopted-disks.ts';
import { GuardMemory } from './guards/guard-memory.ts';
import { guardPath } from './guards/guard-path.ts';
import type { GuardParts } from './guards/volume-guard.ts';
import { lockStateDir } from './locks/state-dir-lock.ts';
import type { PolicyParts } from './policies/policy-parts.ts';
import { PlanBook } from './policies/plans/plan-book.ts';
import { RemovalLedger } from './policies/removal-ledger.ts';
import { copyState } from './own-state/copy-state.ts';
import { PolicyEngine } from './policies/policy-engine.ts';
import { Flaps } from './reconcile/flaps.ts';
import type { HostState } from '../state-schema/host-state.ts';
import { learnFiles } from './secrets/learn-files.ts';
import { Redaction } from './secrets/redaction.ts';
import { Secrets } from './secrets/secrets.ts';
import { checkRoot } from './settings/check-root.ts';
import { makeStateDir } from './settings/make-state-dir.ts';
import type { HostSettings } from './settings/host-settings.ts';
import { statePaths, type StatePaths } from './settings/state-paths.ts';
import type { ServiceEnvironment } from './systemd/service-environment.ts';
import { sambaPlace } from './samba/samba-place.ts';
import { Shares } from './samba/shares.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { redactedStore } from './store/redacted-store.ts';
import type { Store } from './store/store.ts';
import { Suspension } from './suspension.ts';
import { bootId, uptimeMs } from './uptime.ts';

/** What of the caller's environment a host needs. */
export interface HostEnvironment {
  /** PATH for host programs. */
  readonly path: string;
  /** CREDENTIALS_DIRECTORY, where systemd gave the process credentials. */
  readonly credentialsDir?: string;
  /** XDG_RUNTIME_DIR, where there is one. */
  readonly runtimeDir?: string;
  /** The demo accepts the first removal of each policy by itself; on a host a person does. */
  readonly acceptsFirstRemovals?: boolean;
  /** Where systemd wants to hear from the daemon, when it started it. */
  readonly service?: ServiceEnvironment;
}

/**
 * One host's state directory, opened by exactly one process: the lock, the store, the guards and the policies. The
 * daemon builds on it, and so do commands that work without a daemon.
 */
export interface Host extends AsyncDisposable {
  readonly settings: HostSettings;
  readonly environment: HostEnvironment;
  readonly paths: StatePaths;
  /** What the audit tells of, it takes along in the same step. */
  readonly store: Store;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly hub: EventHub;
  readonly guards: GuardParts;
  readonly secrets: Secrets;
  readonly disks: AdoptedDisks;
  readonly engine: PolicyEngine;
  readonly suspension: Suspension;
  readonly shares: Shares;
  readonly flaps: Flaps;
  readonly clockWatch: ClockWatch;
  /** Sets the state whose volumes and policies are in force. */
  declare(state: HostState): void;
}

/** Whether directories can be given to users: only root on a real root can. */
export function setsOwnersOn(root: string): boolean {
  return root === '/' && process.getuid?.() === 0;
}

/** Opens a host. Throws `Stalled` when another process has it, or when its directory or store cannot be used. */
export async function openHost(settings: HostSettings, environment: HostEnvironment): Promise<Host> {
  const paths = statePaths(settings.stateDir);
  await checkRoot(settings.root);
  await makeStateDir(paths.dir, { strict: settings.root === '/' });
  const stack = new Cleanups();
  try {
    stack.add(await lockStateDir(paths));
    const store = stack.use(await openSqliteStore({ file: paths.database }));
    const redaction = new Redaction();
    const hub = new EventHub((event) => redaction.deep(event));
    const secrets = await openSecrets(settings, { environment, paths, hub, redaction });
    const { host, status } = settings;
    const parts = { host, redact: status.redact, folder: paths.audit, store, clock: systemClock, hub };
    const audit = stack.use(await openAudit(parts));
    return await assemble({
      settings,
      environment,
      paths,
      store: redactedStore(new AuditedStore(store, audit), redaction),
      audit,
      hub,
      secrets,
      stack,
    });
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
}

/** Every secret of the host, and those that its settings name for git and the webhook. */
async function openSecrets(
  { allow, overrides, root, repository, status, ...settings }: HostSettings,
  parts: Pick<Host, 'environment' | 'paths' | 'hub'> & { readonly redaction: Redaction },
): Promise<Secrets> {
  const { environment, paths, hub, redaction } = parts;
  const { path, credentialsDir } = environment;
  const secrets = new Secrets({
    allow,
    overrides,
    root,
    providers: settings.secrets,
    path,
    home: paths.dir,
    credentialsDir,
    emit: hub.emit,
    redaction,
  });
  const credentials = [repository.credentials, status.credentials];
  const files = credentials.flatMap((named) => [named?.passwordFile, named?.keyFile]);
  await learnFiles([...files, repository.webhookSecret, status.signingKey], (value) => secrets.learn(value));
  return secrets;
}

async function assemble(parts: {
  readonly settings: HostSettings;
  readonly environment: HostEnvironment;
  readonly paths: StatePaths;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly hub: EventHub;
  readonly secrets: Secrets;
  readonly stack: Cleanups;
}): Promise<Host> {
  const { settings, environment, paths, store, audit, hub, stack } = parts;
  const disks = new AdoptedDisks(store);
  const guards = guardParts(settings, environment, disks);
  const { root } = settings;
  const place = sambaPlace({ root, stateDir: paths.dir, path: environment.path, serves: setsOwnersOn(root) });
  const { suspension, flaps, clockWatch } = await openMemories(store, environment);
  let volumes: HostState['volumes'] = {};
  const engine = stack.use(
    policyEngine(parts, {
      suspension,
      clockWatch,
      guard: (path, use) => guardPath({ path, use, volumes }, guards),
    }),
  );
  return {
    settings,
    environment,
    paths,
    store,
    audit,
    clock: systemClock,
    hub,
    guards,
    secrets: parts.secrets,
    disks,
    engine,
    suspension,
    shares: new Shares(place, systemClock),
    flaps,
    clockWatch,
    declare(state) {
      volumes = state.volumes;
      engine.declare(state);
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

function policyEngine(
  {
    settings,
    environment,
    paths,
    store,
    hub,
    secrets,
  }: Pick<Host, 'settings' | 'environment' | 'paths' | 'store' | 'hub' | 'secrets'>,
  asked: Pick<Host, 'suspension' | 'clockWatch'> & Pick<PolicyParts, 'guard'>,
): PolicyEngine {
  const { host, root, allow, overrides } = settings;
  const stateDir = paths.dir;
  const acceptsFirst = environment.acceptsFirstRemovals ?? false;
  return new PolicyEngine({
    store,
    clock: systemClock,
    emit: hub.emit,
    host,
    root,
    stateDir,
    path: environment.path,
    settings: { allow, overrides },
    secrets,
    guard: asked.guard,
    held: () => asked.suspension.fault,
    clockFault: () => asked.clockWatch.fault(),
    copyState: (folder) => copyState({ store, paths }, folder),
    ledger: new RemovalLedger(paths.removals),
    plans: new PlanBook({ store, stateDir, clock: systemClock, acceptsFirst }),
  });
}

function guardParts(
  { root, host }: HostSettings,
  { path }: HostEnvironment,
  disks: AdoptedDisks,
): GuardParts {
  const memory = new GuardMemory();
  return { root, mountinfo: '/proc/1/mountinfo', path, host, adopted: () => disks.all(), memory };
}

/** What is remembered of people, of drift and of the clock. */
async function openMemories(
  store: Store,
  { path }: HostEnvironment,
): Promise<Pick<Host, 'suspension' | 'flaps' | 'clockWatch'>> {
  const clock = systemClock;
  return {
    suspension: await Suspension.load({ store, clock, elapsed: uptimeMs }),
    flaps: await Flaps.load({ store, clock }),
    clockWatch: new ClockWatch({
      store,
      clock,
      elapsed: uptimeMs,
      boot: bootId(),
      isSynchronised: () => isSynchronised(path),
    }),
  };
}
