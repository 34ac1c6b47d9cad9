import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
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

const UNKNOWN = 'no-such-host.invalid';

/** Asks for the fault by curl, without and with proxaudit: how each ended, and what the journal says. */
async function ask(name: string, port: number, scheme: 'http' | 'https', host = 'fault.test') {
  const { user, directory, authority } = scene();
  const file = join(directory, `${name}-${scheme}.jsonl`);
  const options = ['--upstream-ca', authority.file, '--resolve', `fault.test:${port}=127.0.0.1:${port}`];
  const curl = ['curl', '-s', '--http1.1', '-m', '10', '-w', '\n%{http_code}'];
  const url = `${scheme}://${host}:${port}/${name}`;
  const alone = ['--cacert', authority.file, '--resolve', `fault.test:${port}:127.0.0.1`];
  const direct = await runCommand([...curl, ...alone, url], { env: user.env, cwd: directory });
  const audited = await user.proxaudit(['-o', file, ...options, '--', ...curl, url]);
  expect((await checkJournal(file)).code).toBe(0);
  const journal = readJournal(file);
  return { direct, audited, journal, exchanges: journal.exchanges };
}

const see = ({ code, stdout }: { code: number | null; stdout: Buffer }) => [code, stdout.toString('latin1')];

describe('what goes wrong after a connection stands is for the client as it is without us', () => {
  it.each([
    ['resetBeforeHead', 'upstream-reset'],
    ['shortBody', 'upstream-closed-early'],
    ['resetMidBody', 'upstream-reset'],
    ['truncatedChunk', 'upstream-closed-early'],
  ] as const)('%s, with its cause in the journal and the summary', async (name, code) => {
    for (const scheme of ['http', 'https'] as const) {
      const port = (scheme === 'http' ? faults.plain : faults.secure)[name];
      const { direct, audited, exchanges } = await ask(name, port, scheme);
      expect(see(audited), scheme).toEqual(see(direct));
      expect(audited.code).not.toBe(0);
      expect(exchanges).toHaveLength(1);
      const [{ response, error } = {}] = exchanges;
      if (response === null || response === undefined) expect(error?.code).toBe(code);
      else {
        expect(response).toMatchObject({
          status: 200,
          by: 'upstream',
          body: { complete: false, error: code },
        });
        expect(response.body).not.toHaveProperty('sha256');
      }
      expect(audited.stderr).toContain(code);
    }
  });

  it('closeBeforeHead: by a tunnel as it is, on a plain proxy connection as a reset', async () => {
    const tunnelled = await ask('closeBeforeHead', faults.secure.closeBeforeHead, 'https');
    expect(see(tunnelled.audited)).toEqual(see(tunnelled.direct));
    const plain = await ask('closeBeforeHead', faults.plain.closeBeforeHead, 'http');
    expect([plain.direct.code, plain.audited.code]).toEqual([52, 56]);
    for (const { exchanges, audited } of [tunnelled, plain]) {
      expect(exchanges).toMatchObject([{ response: null, error: { code: 'upstream-closed-early' } }]);
      expect(audited.stderr).toContain('upstream-closed-early');
    }
  });

  it.each(['garbage', 'twoLengths', 'megabyteOfHeaders'] as const)(
    '%s cannot be parsed, and passes as it comes',
    async (name) => {
      const { direct, audited, exchanges } = await ask(name, faults.secure[name], 'https');
      expect(see(audited)).toEqual(see(direct));
      expect(exchanges).toHaveLength(1);
      expect(exchanges[0]).toHaveProperty('unparsed.reason');
      expect(audited.stderr).toContain(`https://fault.test:${faults.secure[name]}/${name}`);
    },
  );
});

describe('a bad certificate is shown as one', () => {
  it.each([
    ['expired', 'certificate-expired'],
    ['wrongHost', 'certificate-wrong-host'],
    ['selfSigned', 'certificate-self-signed'],
    ['unknownAuthority', 'certificate-untrusted'],
  ] as const)('%s', async (name, cause) => {
    const { direct, audited, journal, exchanges } = await ask(name, faults.tls[name], 'https');
    expect(see(audited)).toEqual(see(direct));
    expect(audited.code).toBe(60);
    expect(exchanges).toEqual([]);
    expect(journal.of('tls-failed')).toMatchObject([{ side: 'upstream', cause, host: 'fault.test' }]);
    expect(journal.of('connection-closed')).toMatchObject([{ error: { code: `upstream-${cause}` } }]);
    expect(audited.stderr).toContain(cause);
    expect(faults.arrivals.filter((arrival) => arrival.fault === name)).toEqual([]);
  });
});

describe('what cannot be reached', () => {
  const places = [
    ['refused', () => faults.refused, 'fault.test', 'connection-refused'],
    ['unknown', () => 443, UNKNOWN, 'dns-failed'],
  ] as const;

  it.each(places)('%s: a request gets 502, which says why', async (name, port, host, code) => {
    const { audited, exchanges } = await ask(name, port(), 'http', host);
    expect(see(audited)).toEqual([0, expect.stringMatching(new RegExp(`^proxaudit: ${code}: .*\n\n502$`))]);
    expect(exchanges).toMatchObject([{ error: { code }, response: { status: 502, by: 'proxaudit' } }]);
    expect(audited.stderr).toContain(code);
  });

  it.each(places)('%s: a tunnel is reset, and the journal has the cause', async (name, port, host, code) => {
    const { direct, audited, journal } = await ask(name, port(), 'https', host);
    expect([direct.code === 0, audited.code]).toEqual([false, 35]);
    expect(journal.of('connection-closed')).toMatchObject([{ error: { code } }]);
    expect(audited.stderr).toContain(host);
    expect(audited.stderr).toContain(code);
  });
});
