import type { ReadStream, WriteStream } from 'node:tty';

type Name = 'stdin' | 'stdout' | 'stderr';

const NAMES: readonly Name[] = ['stdin', 'stdout', 'stderr'];
/** Where a stand-in keeps what it stands for: the bundle has this module twice. */
const ORIGINAL = Symbol.for('proxaudit.standard-stream');

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
    const value = createSilentStream(property);
    Object.defineProperty(process, name, { configurable: true, enumerable: true, value });
  }
}

function createSilentStream(original: PropertyDescriptor | undefined): object {
  const silent = {
    write: () => true,
    on: (): object => silent,
    once: (): object => silent,
    emit: () => false,
    [ORIGINAL]: original,
  };
  return silent;
}

/** The stream of one of our own standard descriptors, opened by the first call: only where nobody shares it. */
export function openStandardStream(name: 'stdin'): ReadStream;
export function openStandardStream(name: 'stdout' | 'stderr'): WriteStream;
export function openStandardStream(name: Name): unknown {
  const stream: object & { readonly [ORIGINAL]?: PropertyDescriptor | undefined } = process[name];
  const opened: unknown = stream[ORIGINAL]?.get?.call(process);
  return opened ?? stream;
}
