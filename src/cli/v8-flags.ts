import { setFlagsFromString } from 'node:v8';

/** V8 complains on stderr of flags that it does not know: up to this version of Node it was tried. */
const LAST_TRIED = 24;
export const FLAG = '--no-allocation-site-pretenuring';

/**
 * Has V8 put every new object among the young ones. It may take the objects of the first exchanges for long-lived, and
 * from then on would put their like among the old ones, where each holds all that it refers to until a full collection:
 * a tenth of the processor at thousands of requests a second. For processes that are ours alone, and before any code is
 * loaded that is cached: V8 takes back compiled code only under the flags under which it was made.
 */
export function setV8Flags(): void {
  if (Number.parseInt(process.versions.node, 10) <= LAST_TRIED) setFlagsFromString(FLAG);
}
