import type { Control, Refusal } from './control/control.ts';
import { faultOf, type Fault } from './errors.ts';
import { adoptVolume } from './guards/adopt-volume.ts';
import type { FileService } from './files/file-service.ts';
import type { Host } from './host.ts';
import { planReport } from './reconcile/plan-report.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import { preparePass } from './reconcile/run-pass.ts';
import type { Composer } from './status/composer.ts';
import { notCarriedOut } from './status/not-carried-out.ts';

/** What answering a person needs. */
export interface HostControlParts {
  readonly host: Host;
  readonly reconciler: Reconciler;
  readonly composer: Composer;
  readonly files: FileService;
  /** Makes the daemon look at the remote now. */
  readonly look: () => void;
}

const REVISION = /^[0-9a-f]{40,64}$/;

/** `Control` over an open host: what the daemon serves on its socket. */
export function hostControl(parts: HostControlParts): Control {
  const { host, reconciler, composer } = parts;
  return {
    status: () => composer.compose(),
    plan: () => refusing(() => planNow(parts)),
    policies: () => host.engine.statuses(host.clock.now()),
    runPolicy: (name) => refusing(async () => ({ kind: 'ran', run: await host.engine.runNow(name, 'person') }) as const),
    initPolicy: (name) => refusing(() => host.engine.init(name)),
    adoptVolume: (name) => refusing(() => adopt(name, parts)),
    async acceptRewrite(revision) {
      if (!REVISION.test(revision)) {
        return refuse({ reason: 'RewriteRefused', message: `${JSON.stringify(revision)} is not a whole commit id (40 hexadecimal digits)`, next: 'anchord status shows the id to accept' });
      }
      await reconciler.acceptRewrite(revision);
      parts.look();
      return { kind: 'accepted' };
    },
  };
}

async function planNow({ host, reconciler, files }: HostControlParts): ReturnType<Control['plan']> {
  const { inForce } = reconciler;
  if (inForce === undefined) {
    return refuse({ reason: 'RevisionUnreadable', message: 'no revision is in force yet, so there is nothing to plan', next: 'anchord status' });
  }
  const { state, desired, revision } = inForce;
  const inventory = { items: reconciler.inventory };
  const { plan } = await preparePass(state, desired, { files, store: host.store, guards: host.guards, inventory });
  return planReport({ host: host.settings.host, of: revision, desired, plan, notCarriedOut: notCarriedOut(state) });
}

async function adopt(name: string, { host, reconciler, look }: HostControlParts): ReturnType<Control['adoptVolume']> {
  const volumes = reconciler.inForce?.state.volumes ?? {};
  const volume = Object.hasOwn(volumes, name) ? volumes[name] : undefined;
  if (volume === undefined) {
    const known = Object.keys(volumes).join(', ');
    return refuse({ reason: 'NoVolumes', message: `no volume ${JSON.stringify(name)} is declared`, next: known === '' ? 'declare it and push' : `declared are: ${known}` });
  }
  const remember = (id: string, value: string): Promise<void> => host.store.rememberVolume(id, value);
  const fault = await adoptVolume(name, volume, { ...host.guards, remember });
  if (fault !== undefined) return refuse(fault);
  look();
  return { kind: 'adopted' };
}

/** Typed faults become refusals: a person reads them. Anything else is a bug and stays an error. */
async function refusing<Answer>(act: () => Promise<Answer>): Promise<Answer | Refusal> {
  try {
    return await act();
  } catch (error) {
    return refuse(faultOf(error));
  }
}

function refuse(fault: Fault): Refusal {
  const { reason, message, next } = fault;
  return { kind: 'refused', reason, message, ...(next === undefined ? {} : { next }) };
}
