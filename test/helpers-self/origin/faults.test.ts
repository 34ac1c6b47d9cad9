import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from '../../helpers/origin/authority.ts';
import type { Authority } from '../../helpers/origin/authority.ts';
import { startFaults } from '../../helpers/origin/faults/faults.ts';
import type { Faults } from '../../helpers/origin/faults/faults.ts';
import { runCommand } from '../../helpers/origin/run-command.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';

const workspace = createWorkspace('faults');
let authority: Authority;
let faults: Faults;
beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  faults = await startFaults({ authority, directory: workspace.directory, names: ['origin.test'] });
});
afterAll(async () => {
  await faults.close();
  workspace.remove();
});

const curl = (url: string, ...args: string[]) =>
  runCommand(['curl', '-sS', '-m', '1', '-o', '-', '--cacert', authority.file, ...args, url]);

/** curl's exit codes: 0 fine, 1 unsupported, 7 refused, 8 weird reply, 18 partial, 28 timeout, 52 empty, 56 reset. */
test.each([
  ['resetMidBody', [18, 56]],
  ['resetBeforeHead', [52, 56]],
  ['closeBeforeHead', [52]],
  ['hang', [28]],
  ['hangMidBody', [28]],
  ['hangMidHead', [28]],
  ['garbage', [1, 56]],
  ['wrongProtocol', [1]],
  ['shortBody', [18]],
  ['longBody', [0]],
  ['truncatedChunk', [18, 56]],
  ['badChunk', [56]],
  ['megabyteOfHeaders', [56, 100, 27]],
  ['byteByByte', [0]],
] as const)('%s breaks curl as it should, with and without TLS', async (fault, codes) => {
  const plain = await curl(`http://127.0.0.1:${faults.plain[fault]}/${fault}`);
  const secure = await curl(`https://127.0.0.1:${faults.secure[fault]}/${fault}`);
  expect(codes).toContain(plain.code);
  // Inside TLS a missing close_notify may turn other failures into 56 (receive error).
  expect([...codes, ...(plain.code === 0 ? [] : [56])]).toContain(secure.code);
  expect(faults.arrivals.filter((arrival) => arrival.fault === fault).map(({ tls }) => tls)).toEqual([
    false,
    true,
  ]);
});

test.each([
  'expired',
  'notYetValid',
  'wrongHost',
  'selfSigned',
  'unknownAuthority',
  'missingIntermediate',
] as const)('a certificate that is %s is refused', async (fault) => {
  const place = ['--connect-to', `origin.test:443:127.0.0.1:${faults.tls[fault]}`];
  const verified = await curl('https://origin.test/', ...place);
  expect(verified.code).toBe(60);
  const careless = await curl('https://origin.test/', '-k', ...place);
  expect(careless.stdout.toString()).toBe('ok\n');
});

test('a chain with its intermediate is accepted', async () => {
  const { code } = await curl(
    'https://origin.test/',
    '--connect-to',
    `origin.test:443:127.0.0.1:${faults.tls.chained}`,
  );
  expect(code).toBe(0);
});

test.each(['tlsGarbage', 'tlsHang', 'tlsClose', 'oldTls'] as const)(
  '%s never completes a handshake',
  async (fault) => {
    const { code } = await curl(`https://127.0.0.1:${faults.tls[fault]}/`);
    expect([28, 35]).toContain(code);
  },
);

test('raw protocols and the refused port', async () => {
  const banner = connect(faults.raw.banner, '127.0.0.1');
  const [greeting] = (await once(banner, 'data')) as [Buffer];
  expect(greeting.toString()).toMatch(/^SSH-2.0/);
  banner.destroy();
  const echo = connect({ port: faults.raw.rawEcho, host: '127.0.0.1', allowHalfOpen: true });
  echo.end('half open');
  const [answer] = (await once(echo, 'data')) as [Buffer];
  expect(answer.toString()).toBe('half open');
  await expect(once(connectTls(faults.refused, '127.0.0.1'), 'secureConnect')).rejects.toThrow(
    'ECONNREFUSED',
  );
});
