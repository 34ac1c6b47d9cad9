/**
 * How much of what others sent is read, and where. A body that is beyond one of these limits is not examined, and the
 * journal says so with the reason.
 */
const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Up to so many bytes a body is read on the main thread, where it costs less than to hand it over: some milliseconds at
 * the worst. What is longer is put into a file, and read in a worker thread.
 */
export const INLINE_BYTES = 128 * KIB;

/** Of one document: versions of a package, links of a page, files that are listed. The largest known have some 60,000. */
export const MAX_ENTRIES = 200_000;
/** Of one document, in bytes: what is kept of it until its end. */
export const MAX_KEPT_TEXT = 48 * MIB;
/** Of one text in a document, in bytes; longer ones are left out. URLs and digests are shorter. */
export const MAX_TEXT = 64 * KIB;

/** Of one item in a worker thread. */
export const MAX_ITEM_MS = 10_000;
/** Of all items of a run in one worker thread. */
export const MAX_RUN_MS = 300_000;
/** Items that wait for one worker thread. */
export const MAX_WAITING = 10_000;
/** Bytes of bodies that lie in files at one time. */
export const MAX_SPOOLED = 2 * 1024 * MIB;
/** The heap of a worker thread. One that needs more ends, and another one takes its place. */
export const WORKER_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Entries that a worker hands over at once: the main thread takes them in 2 to 5 ms. */
export const BATCH = 250;

/** Of a Go module: the go command takes neither a larger zip nor one that is larger when it is unpacked. */
export const MAX_MODULE = 500 * MIB;
/** Of one archive. */
export const MAX_ARCHIVE_ENTRIES = 200_000;
