import type { ReadStream, WriteStream } from 'node:tty';

/*
 * Node opens a standard stream when its property is first read, and makes a pipe that it opens non-blocking, also for
 * every other process that shares it (make: "write error: Resource temporarily unavailable"). Libraries read these
 * properties for colours when they are loaded, Node's own `assert` does too. So from here on there is nothing to be
 * read in them, and nothing that is printed by others reaches the command's output.
 */
const silent = { write: () => true, on: () => silent, once: () => silent, emit: () => false };
const own = new Map<string, { get?: () => unknown } | undefined>();
for (const name of ['stdin', 'stdout', 'stderr']) {
  own.set(name, Object.getOwnPropertyDescriptor(process, name));
  Object.defineProperty(process, name, { configurable: true, enumerable: true, value: silent });
}

/** The stream of one of our own standard descriptors, opened by the first call: only where nobody shares it. */
export function openStandardStream(name: 'stdin'): ReadStream;
export function openStandardStream(name: 'stdout' | 'stderr'): WriteStream;
export function openStandardStream(name: string): unknown {
  const property = own.get(name);
  return property?.get?.call(process);
}
