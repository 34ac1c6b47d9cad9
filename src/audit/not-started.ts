import type { Exit } from '../model/outcome.ts';
import type { Recording } from './recording.ts';

/** How a run ends that could not start: its command never ran. */
export function describeNotStarted(error: unknown, { redactor }: Pick<Recording, 'redactor'>): Exit {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'not-started', code: 125, message: redactor.text(message) };
}
