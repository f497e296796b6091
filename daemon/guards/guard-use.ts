/**
 * What somebody is about to do with a place.
 *
 * `read`: use what is there. `write`: put something new there; not while less than `minFree` is free, and not before the disk
 * has taken a few bytes. `delete`: remove something, there or elsewhere, because of what is seen there. It may be below
 * `minFree`, and nothing that was known of the disk before counts: all of it is looked at anew. Ask right before each phase
 * that deletes, for the tree that things vanish from and for the tree that says what vanishes.
 */
export type GuardUse = 'read' | 'write' | 'delete';
