// Stands in for `console` inside the bundle: no library may print over the child's output. NODE_DEBUG=proxaudit shows it.
import { debuglog } from 'node:util';

const log = debuglog('proxaudit');
export const console = { log, info: log, warn: log, error: log, debug: log, trace: log };
