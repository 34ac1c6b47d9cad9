import { createAuthority } from './authority.ts';
import { startFaults } from './faults/faults.ts';
import { startOrigin } from './origin.ts';
import { resolveArguments } from './proxaudit-arguments.ts';
import { createWorkspace } from './workspace.ts';

/** Starts the origin and its faults for a person at a terminal, until stdin closes or a signal comes. */
export async function start(): Promise<void> {
  const workspace = createWorkspace('origin');
  const { directory } = workspace;
  const authority = createAuthority(directory);
  const origin = await startOrigin(authority);
  const faults = await startFaults({ authority, directory, names: ['origin.test'] });
  const options = [...resolveArguments('origin.test', origin), '--upstream-ca', authority.file];
  const { plain, secure, tls, raw, refused } = faults;
  const started = { ca: authority.file, origin: origin.ports, proxaudit: options.join(' ') };
  process.stdout.write(
    `${JSON.stringify({ ...started, faults: { plain, secure, tls, raw, refused } }, null, 2)}\n`,
  );
  let told = 0;
  const tell = setInterval(() => {
    for (; origin.log[told]?.done; told += 1) process.stderr.write(`${JSON.stringify(origin.log[told])}\n`);
  }, 100);
  await new Promise((resolve) => {
    process.stdin.resume().once('end', resolve);
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });
  clearInterval(tell);
  await Promise.all([origin.close(), faults.close()]);
  workspace.remove();
  process.stdin.destroy();
}
