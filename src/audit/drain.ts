import { setTimeout as sleep } from 'node:timers/promises';
import { waitForDescendants } from '../child/index.ts';
import type { Proxy } from '../proxy/index.ts';
import type { AuditOptions } from './options.ts';
import type { Recording } from './recording.ts';

/**
 * What the command's own connections need to say that they are closed, in looks and in the time between them: while we are
 * busy with what they asked for, no time passes.
 */
const CLOSE_LOOKS = 100;
const CLOSE_POLL_MS = 5;
const MAX_SURVIVORS = 20;

type Survivors = Awaited<ReturnType<typeof waitForDescendants>>;

/** Lets what the command left running go on for a while, then closes all and says who was still there. */
export async function drain(
  recording: Recording,
  proxy: Proxy,
  { drainMs, signals }: Pick<AuditOptions, 'drainMs' | 'signals'>,
): Promise<void> {
  const survivors = await waitForDescendants({
    runId: recording.runId,
    timeoutMs: drainMs,
    hurry: signals.hurry,
  });
  await proxy.acceptPending();
  for (let look = 0; look < CLOSE_LOOKS; look++) {
    if (survivors.length > 0 || proxy.openConnections() === 0) break;
    await sleep(CLOSE_POLL_MS);
  }
  await proxy.stop();
  recordSurvivors(recording, survivors);
}

/** Closes all at once, and says which of the processes that were given the run's variables are still there. */
export async function stopAtOnce(recording: Recording, proxy: Proxy): Promise<void> {
  const survivors = await waitForDescendants({ runId: recording.runId, timeoutMs: 0 });
  await proxy.stop();
  recordSurvivors(recording, survivors);
}

function recordSurvivors({ record, redactor }: Recording, survivors: Survivors): void {
  try {
    for (const { pid, name, command } of survivors.slice(0, MAX_SURVIVORS)) {
      record({
        type: 'blind-spot',
        kind: 'still-running',
        subject: `${redactor.text(name)} (pid ${pid})`,
        advice: `${redactor.command(command).join(' ')} outlived the command: raise --drain to wait for it`,
      });
    }
  } catch {
    // The recording's failure is told at the end.
  }
}
