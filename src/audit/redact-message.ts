import { createRedactor, findSecrets } from '../redaction/index.ts';
import type { Variables } from './options.ts';

/** Makes a message about what a user typed fit to be printed, where no recording is there yet. */
export function redactMessage(message: string, env: Variables): string {
  return createRedactor({ secrets: findSecrets(env) }).text(message);
}
