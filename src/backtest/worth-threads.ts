/** When an archive is searched on several threads. */

/** A thread takes as long to start as the search of this much takes, in bytes as stored. */
export const WORTH_THREADS = 2 * 1024 * 1024
