import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { startAuditedProxy } from '../helpers/audited-proxy.ts';
import { listenOnLoopback } from '../helpers/origin/listening.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { runProgram } from '../helpers/run-program.ts';

const STALL_MS = 120;

/** Switches protocols when the body is whole, and says again what it got. */
function serve(socket: Socket): void {
  let heard = Buffer.alloc(0);
  let hasSwitched = false;
  socket.on('error', () => undefined);
  socket.on('end', () => socket.end());
  socket.on('data', (chunk: Buffer) => {
    if (hasSwitched) {
      socket.write(chunk);
      return;
    }
    heard = Buffer.concat([heard, chunk]);
    const end = heard.indexOf('\r\n\r\n') + 4;
    const length = Number(/content-length: (\d+)/i.exec(heard.toString('latin1'))?.[1]);
    if (end < 4 || heard.length < end + length) return;
    hasSwitched = true;
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    socket.write(heard.subarray(end));
  });
}

it.each([1, 2, 3])(
  'bodies of upgrade requests keep their order in a loop that stalls (seed %i)',
  async (seed) => {
    const workspace = createWorkspace('upgrade-bodies');
    const origin = await listenOnLoopback(createServer({ allowHalfOpen: true }, serve));
    const audited = await startAuditedProxy(workspace.directory, {
      resolve: { 'origin.test:80': origin.port },
    });
    const stalls = setInterval(() => {
      const until = performance.now() + Math.random() * STALL_MS;
      while (performance.now() < until);
    }, 20);
    const place = [String(audited.proxy.port), 'origin.test:80'];
    const program = [
      'python3',
      '-I',
      'test/fixtures/programs/upgrade-pieces.py',
      ...place,
      '200',
      String(seed),
    ];
    const { stdout, stderr } = await runProgram(program);
    clearInterval(stalls);
    expect(stdout.toString(), stderr.toString()).toBe('200 asked, 0 wrong\n');
    await audited.close();
    await origin.close();
    workspace.remove();
  },
);
