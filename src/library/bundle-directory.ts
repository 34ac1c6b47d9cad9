/**
 * The preload for Node processes lies in it. To be imported statically by the library's entry only: then it is bundled
 * into the entry, not into a chunk, which lies elsewhere.
 */
export const bundleDirectory = import.meta.dirname;
