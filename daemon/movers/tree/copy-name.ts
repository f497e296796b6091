/** Name of a copy in the directory of our own that it is made in. */
export const COPY_NAME = 'tree';
