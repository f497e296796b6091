import type { Store } from '../store/store.ts';
import { parseCoverage, type Coverage } from './coverage.ts';

type Facts = Pick<Store, 'fact' | 'saveFact'>;

/** What is remembered of reading one repository for one policy; undefined when nothing is. */
export async function loadCoverage(store: Facts, of: CoverageOf): Promise<Coverage | undefined> {
  const text = await store.fact(nameOf(of));
  if (text === undefined) return undefined;
  try {
    return parseCoverage(JSON.parse(text));
  } catch {
    return undefined; // nothing that anchord wrote: reading begins anew
  }
}

/** Remembers it. */
export async function saveCoverage(store: Facts, of: CoverageOf, coverage: Coverage): Promise<void> {
  await store.saveFact(nameOf(of), JSON.stringify(coverage));
}

/** Whose coverage. */
export interface CoverageOf {
  /** The check policy. */
  readonly policy: string;
  /** Id of the repository: 64 hex digits. */
  readonly repository: string;
}

function nameOf({ policy, repository }: CoverageOf): string {
  return `check:${policy}:${repository.slice(0, 16)}`;
}
