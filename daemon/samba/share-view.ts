import type { Reason } from '../../state-schema/generated/status.ts';
import type { Difference } from '../files/file-wants.ts';
import type { VolumeMark } from './guard-script.ts';
import type { FileLook } from './replace-file.ts';
import type { SambaVersion } from './samba-version.ts';
import type { ShareWant } from './share-want.ts';

/** What is asked about shares in one pass. */
export interface ShareQuestion {
  readonly wants: readonly ShareWant[];
  /** Ids of shares whose volume or directory is not in order: they are made unavailable. */
  readonly down: ReadonlySet<string>;
  /** Names of the shares that anchord managed when the last pass ended. */
  readonly known: ReadonlySet<string>;
  /** What the guard must find: one for each volume whose guard passed. */
  readonly marks: readonly VolumeMark[];
}

/** Why a share is not as it should be, and cannot be now. */
export interface ShareTrouble {
  readonly state: 'failed' | 'waiting';
  readonly reason: Reason;
  readonly message: string;
}

/** Troubles by the id of their share. */
export type ShareTroubles = ReadonlyMap<string, ShareTrouble>;

/** Samba's configuration files as they are; absent ones are missing. Texts are one letter for each byte. */
export interface LiveFiles {
  readonly own?: string;
  readonly user?: { readonly text: string; readonly look: Required<FileLook>; readonly isLink: boolean };
  /** What was last applied and seen to be served. */
  readonly good?: string;
}

/** What has to be done about shares. */
export type ShareWork =
  /** Nothing is declared any more, and something of anchord's is still there. */
  | { readonly kind: 'remove'; readonly live: LiveFiles; readonly runs: boolean }
  | {
      readonly kind: 'serve';
      readonly live: LiveFiles;
      readonly runs: boolean;
      /** False where there is no testparm to check with, which only happens where nothing is served. */
      readonly checks: boolean;
      readonly version: SambaVersion;
      /** The host's own part of smb.conf, without anchord's block. */
      readonly userPart: string;
      readonly userComplaints: ReadonlySet<string>;
      /** Where smbd listens. */
      readonly port: number;
      /** Shares that can be tried: those without a trouble. */
      readonly wants: readonly ShareWant[];
      /** What this work is for: the same key failed the same way. */
      readonly key: string;
    };

/** Shares as they are beside what is wanted. */
export interface ShareView extends ShareQuestion {
  /** What differs, by id. */
  readonly findings: ReadonlyMap<string, readonly Difference[]>;
  /** What is known to be impossible before anything is tried. */
  readonly troubles: ShareTroubles;
  /** Absent: everything is as it should be, or nothing can be done. */
  readonly work?: ShareWork;
}
