import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { finish, type Launched } from './contender.ts';

interface Moments {
  /** The load has warmed up and waits; `pid` is the proxy's, undefined where there is none. */
  readonly onReady: (pid: number | undefined) => void;
  /** Its requests are answered, and its connections are still open. */
  readonly onDone: (pid: number | undefined) => void | Promise<void>;
}

/** Leads a load that pauses (`pause` of its arguments) through its moments; resolves with the last line that it printed. */
export async function leadPausedLoad(launched: Launched, { onReady, onDone }: Moments): Promise<string> {
  const { child, proxyPid } = launched;
  if (!child.stdout || !child.stdin) throw new Error('the client has no pipes');
  const finished = finish(launched);
  const lines = createInterface({ input: child.stdout });
  const said = async (): Promise<void> => void (await Promise.race([once(lines, 'line'), finished]));
  await said();
  onReady(proxyPid);
  child.stdin.write('go\n');
  await said();
  await onDone(proxyPid);
  child.stdin.write('end\n');
  return (await finished).stdout.trim().split('\n').at(-1) ?? '';
}
