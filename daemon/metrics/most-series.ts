/** At most so many volumes and policies have metrics of their own: a push must not fill the memory of whoever scrapes. */
export const MOST_SERIES = 200;
