import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Lets the terminal stay as the child left it (`stty -echo`): Node restores at exit the modes it found at start, on
 * each standard descriptor that is still open. The very last thing before exit: nothing can be printed after it.
 */
export function releaseTerminal(): void {
  for (const descriptor of [0, 1, 2]) {
    if (isatty(descriptor)) closeSync(descriptor);
  }
}
