import { readFileSync, readlinkSync } from 'node:fs';
import type { Process } from '../model/exchange.ts';
import type { WatchOptions } from './types.ts';

/** Told at most. */
const MAX_TOLD = 100;

/** Tells which processes of the run have a network of their own, in which nothing can be seen from here. */
export class ForeignNamespaces {
  readonly #options: WatchOptions;
  readonly #own = namespaceOf('self');
  readonly #told = new Set<string>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  look(process: Process): void {
    const namespace = namespaceOf(process.pid);
    if (namespace === undefined || namespace === this.#own || this.#told.has(namespace)) return;
    if (this.#told.size >= MAX_TOLD || !leadsOut(process.pid)) return;
    this.#told.add(namespace);
    this.#options.record({
      type: 'blind-spot',
      kind: 'other-network',
      subject: process.name,
      advice:
        'it runs in a network namespace of its own: what it does there is not sampled, and the proxy is not reached',
      process,
    });
  }
}

/** A sandbox with nothing but loopback sends nothing. */
function leadsOut(pid: number): boolean {
  try {
    const names = [...readFileSync(`/proc/${pid}/net/dev`, 'latin1').matchAll(/^ *([^\s:|]+):/gm)];
    return names.some(([, name]) => name !== 'lo');
  } catch {
    return false;
  }
}

function namespaceOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}
