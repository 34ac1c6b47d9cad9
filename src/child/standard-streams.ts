import type { ReadStream, WriteStream } from 'node:tty';

type Name = 'stdin' | 'stdout' | 'stderr';

const NAMES: readonly Name[] = ['stdin', 'stdout', 'stderr'];
const silent = { write: () => true, on: () => silent, once: () => silent, emit: () => false };
const own = new Map<Name, PropertyDescriptor>();

/**
 * Takes the standard streams out of everybody's reach, for a process that is all ours: Node opens one when its property
 * is first read, and makes a pipe that it opens non-blocking, also for every other process that shares it (make: "write
 * error: Resource temporarily unavailable"). Libraries read these properties for colours when they are loaded, Node's
 * own `assert` does too. From here on there is nothing to be read in them, and nothing that is printed by others reaches
 * the command's output.
 */
export function hideStandardStreams(): void {
  for (const name of NAMES) {
    const property = Object.getOwnPropertyDescriptor(process, name);
    if (property !== undefined) own.set(name, property);
    Object.defineProperty(process, name, { configurable: true, enumerable: true, value: silent });
  }
}

/** The stream of one of our own standard descriptors, opened by the first call: only where nobody shares it. */
export function openStandardStream(name: 'stdin'): ReadStream;
export function openStandardStream(name: 'stdout' | 'stderr'): WriteStream;
export function openStandardStream(name: Name): unknown {
  const property: unknown = own.get(name)?.get?.call(process);
  return property ?? process[name];
}
