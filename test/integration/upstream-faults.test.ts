import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { startFaults, type Faults } from '../helpers/origin/faults/faults.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('upstream-faults');
let faults: Faults;

beforeAll(async () => {
  const { authority, directory } = scene();
  faults = await startFaults({ authority, directory, names: ['fault.test'] });
});
afterAll(async () => {
  await faults.close();
});

/** Asks for the fault by curl; what was said of it, by whom. */
async function ask(name: string, port: number, scheme: 'http' | 'https', host = 'fault.test') {
  const { user, directory, authority } = scene();
  const journal = join(directory, `${name}-${port}.jsonl`);
  const options = ['--upstream-ca', authority.file, '--resolve', `fault.test:${port}=127.0.0.1:${port}`];
  const curl = [
    'curl',
    '-s',
    '--http1.1',
    '-m',
    '10',
    '-w',
    '\n%{http_code} %{exitcode}',
    `${scheme}://${host}:${port}/${name}`,
  ];
  const result = await user.proxaudit(['-o', journal, ...options, '--', ...curl]);
  expect((await checkJournal(journal)).code).toBe(0);
  const lines = result.stdout.toString('latin1').split('\n');
  const [status = '', exit = ''] = (lines.pop() ?? '').split(' ');
  const told = readJournal(journal);
  expect(told.exchanges).toHaveLength(1);
  return {
    result,
    status,
    exit: Number(exit),
    body: lines.join('\n'),
    exchange: told.exchanges[0],
    journal: told,
  };
}

describe('what goes wrong upstream is the client’s 502, an error in the journal, and a line of the summary', () => {
  it.each([
    ['closeBeforeHead', 'upstream-reset'],
    ['resetBeforeHead', 'upstream-reset'],
    ['garbage', 'upstream-protocol-error'],
    ['twoLengths', 'upstream-protocol-error'],
    ['megabyteOfHeaders', 'upstream-headers-too-large'],
  ] as const)('%s', async (name, code) => {
    const { result, status, body, exchange } = await ask(name, faults.secure[name], 'https');
    expect(status).toBe('502');
    expect(body).toContain(`proxaudit: ${code}`);
    expect(exchange?.error?.code).toBe(code);
    expect(exchange?.response).toMatchObject({ status: 502, by: 'proxaudit' });
    expect(result.stderr).toContain(code);
    expect(result.stderr).toContain('1 failed');
    expect(result.code).toBe(0);
  });

  it.each([
    ['expired', 'certificate-expired'],
    ['wrongHost', 'certificate-wrong-host'],
    ['selfSigned', 'certificate-self-signed'],
    ['unknownAuthority', 'certificate-untrusted'],
  ] as const)('a certificate that is %s', async (name, cause) => {
    const { result, status, body, exchange, journal } = await ask(name, faults.tls[name], 'https');
    expect(status).toBe('502');
    expect(body).toContain(cause);
    expect(exchange?.error?.code).toBe(`upstream-${cause}`);
    expect(journal.of('tls-failed')).toMatchObject([{ side: 'upstream', cause, host: 'fault.test' }]);
    expect(result.stderr).toContain(cause);
    expect(faults.arrivals.filter((arrival) => arrival.fault === name)).toEqual([]);
  });

  it('a port where nobody listens, and a name that nobody knows', async () => {
    const refused = await ask('refused', faults.refused, 'https');
    expect([refused.status, refused.exchange?.error?.code]).toEqual(['502', 'connection-refused']);
    const unknown = await ask('unknown', 443, 'https', 'no-such-host.invalid');
    expect([unknown.status, unknown.exchange?.error?.code]).toEqual(['502', 'dns-failed']);
    expect(unknown.result.stderr).toContain('no-such-host.invalid');
  });
});

describe('a body that is cut short', () => {
  it.each([
    ['shortBody', 'upstream-closed-early'],
    ['resetMidBody', 'upstream-reset'],
    ['truncatedChunk', 'upstream-closed-early'],
  ] as const)('by %s is cut short for the client too', async (name, code) => {
    const { exit, exchange, result } = await ask(name, faults.plain[name], 'http');
    expect(exit).not.toBe(0);
    expect(exchange?.response).toMatchObject({
      status: 200,
      by: 'upstream',
      body: { complete: false, error: code },
    });
    expect(exchange?.response?.body).not.toHaveProperty('sha256');
    expect(result.stderr).toContain(code);
    expect(result.code).toBe(exit);
  });
});
