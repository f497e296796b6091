import { spawnSync } from 'node:child_process';

/** Why a test that gives files to other users cannot run here. */
export const asRoot: { readonly skip?: string } =
  process.getuid?.() === 0 ? {} : { skip: 'needs root, to give files to other users' };

/** Why a test that mounts file systems cannot run here. */
export const withMounts: { readonly skip?: string } =
  spawnSync('unshare', ['--mount', 'true']).status === 0
    ? {}
    : { skip: 'needs a mount namespace of its own: root with CAP_SYS_ADMIN' };

/** Why a test that needs a real disk cannot run here. */
export const withDisks: { readonly skip?: string } =
  withMounts.skip === undefined && spawnSync('losetup', ['--find']).status === 0
    ? {}
    : { skip: 'needs loop devices in a mount namespace of its own: root with CAP_SYS_ADMIN' };
