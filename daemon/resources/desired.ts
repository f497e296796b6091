import type { ResourceKind } from '../../state-schema/generated/status.ts';
import type { FileWant } from '../files/file-wants.ts';
import type { ShareWant } from '../samba/share-want.ts';
import type { ScheduleWant } from './schedule-want.ts';

/** One resource as a revision wants it, without how: enough to plan, to tell a change from drift, and to report. */
export interface DesiredResource {
  /** Kind and name: `directory:/flux/active`. */
  readonly id: string;
  readonly kind: ResourceKind;
  /** What is declared, as one line. When it differs from the last applied one, the revision changed it. */
  readonly digest: string;
  /** What is declared, for a person: `mode 2775, owner mdt:mdt`. */
  readonly detail: string;
  /** Name of the volume it needs; absent for volumes and schedules. */
  readonly volume?: string;
  /** Id of a resource that must be right before this one can be. */
  readonly needs?: string;
  /** Something about it that this host cannot do and therefore only simulates. */
  readonly simulated?: string;
  /** Why it cannot even be tried, for example an owner nobody knows. */
  readonly impossible?: { readonly reason: 'NoSuchUser'; readonly message: string };
}

/** Everything a revision wants of a host. */
export interface Desired {
  /** In the order of dependencies: volumes, directories with parents first, links, schedules, shares. */
  readonly resources: readonly DesiredResource[];
  readonly files: readonly FileWant[];
  readonly schedules: readonly ScheduleWant[];
  readonly shares: readonly ShareWant[];
}
