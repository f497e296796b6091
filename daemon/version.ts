import manifest from '../package.json' with { type: 'json' };

/** This version of anchord. */
export const version: string = manifest.version;
