import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { startFaults, type Faults } from '../helpers/origin/faults/faults.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('faults');
let faults: Faults;
let audited: AuditedProxy;

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  faults = await startFaults({ authority, names: ['fault.test'], directory: workspace.directory });
  audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    resolve: Object.fromEntries(
      [...Object.entries(faults.secure), ...Object.entries(faults.plain), ...Object.entries(faults.tls)].map(
        ([, port]) => [`fault.test:${port}`, port],
      ),
    ),
  });
});

afterAll(async () => {
  await audited.close();
  await faults.close();
  workspace.remove();
});

async function curl(url: string, seconds = 5) {
  const argv = ['curl', '-sS', '--http1.1', '--proxy', audited.url, '--cacert', audited.caFile];
  const result = await runCommand([...argv, '--max-time', String(seconds), '-w', '\n%{http_code}', url]);
  const [status = '', ...body] = result.stdout.toString('latin1').split('\n').reverse();
  return { exit: result.code, status, body: body.reverse().join('\n') };
}

/** What a fault must come to: a 502 with this code, a cut response with this error, or a whole response. */
type Outcome = { answer: string } | { cut: string } | { whole: number };

const outcomes: Readonly<Record<keyof Faults['plain'], Outcome>> = {
  resetMidBody: { cut: 'upstream-reset' },
  resetBeforeHead: { answer: 'upstream-reset' },
  closeBeforeHead: { answer: 'upstream-reset' },
  hang: { cut: 'client-closed' },
  hangMidBody: { cut: 'client-closed' },
  hangMidHead: { cut: 'client-closed' },
  garbage: { answer: 'upstream-protocol-error' },
  wrongProtocol: { answer: 'upstream-protocol-error' },
  badStatusLine: { answer: 'upstream-protocol-error' },
  shortBody: { cut: 'upstream-closed-early' },
  longBody: { whole: 1000 },
  truncatedChunk: { cut: 'upstream-closed-early' },
  badChunk: { cut: 'upstream-protocol-error' },
  twoLengths: { answer: 'upstream-protocol-error' },
  lengthAndChunked: { answer: 'upstream-protocol-error' },
  controlBytesInHeader: { answer: 'upstream-protocol-error' },
  megabyteOfHeaders: { answer: 'upstream-headers-too-large' },
  byteByByte: { whole: 20 },
};

describe.each(['plain', 'secure'] as const)('an upstream, %s,', (side) => {
  it.each(Object.entries(outcomes))('that does %s is told truly', async (name, outcome) => {
    const port = faults[side][name as keyof Faults['plain']];
    const url = `${side === 'plain' ? 'http' : 'https'}://fault.test:${port}/${name}`;
    const result = await curl(url, 'cut' in outcome && outcome.cut === 'client-closed' ? 1 : 10);
    await expect.poll(() => audited.exchanges(`:${port}/`).length, { timeout: 5000 }).toBe(1);
    const [exchange] = audited.exchanges(`:${port}/`);
    if ('answer' in outcome) {
      expect(result.status).toBe('502');
      expect(result.body).toContain(`proxaudit: ${outcome.answer}`);
      expect(exchange?.error?.code).toBe(outcome.answer);
      expect(exchange?.response?.by).toBe('proxaudit');
    } else if ('whole' in outcome) {
      expect(result.exit).toBe(0);
      expect(exchange?.response?.body).toMatchObject({ size: outcome.whole, complete: true });
    } else {
      expect(result.exit, 'the client must notice').not.toBe(0);
      const code = exchange?.response === null ? exchange.error?.code : exchange?.response?.body.error;
      expect(code).toBe(outcome.cut);
      expect(exchange?.response?.body.complete ?? false).toBe(false);
      expect(exchange?.response?.body ?? {}).not.toHaveProperty('sha256');
    }
  });
});

describe('an upstream certificate', () => {
  it.each([
    ['expired', 'certificate-expired'],
    ['wrongHost', 'certificate-wrong-host'],
    ['selfSigned', 'certificate-self-signed'],
    ['notYetValid', 'certificate-not-yet-valid'],
    ['unknownAuthority', 'certificate-untrusted'],
    ['missingIntermediate', 'certificate-untrusted'],
  ] as const)('that is %s is a 502 and an event, never re-signed as good', async (name, cause) => {
    const port = faults.tls[name];
    const result = await curl(`https://fault.test:${port}/${name}`);
    expect(result.status).toBe('502');
    expect(result.body).toContain(cause);
    const [exchange] = audited.exchanges(`:${port}/`);
    expect(exchange?.error?.code).toBe(`upstream-${cause}`);
    const failure = audited.of('tls-failed').find((fact) => fact.connectionId === exchange?.connectionId);
    expect(failure).toMatchObject({ side: 'upstream', cause });
    expect(failure?.advice).toMatch(/fault\.test/);
    expect(faults.arrivals.filter((arrival) => arrival.fault === name)).toHaveLength(0);
  });

  it.each(['tlsGarbage', 'tlsClose', 'oldTls'] as const)('handshake that does %s is a 502', async (name) => {
    const result = await curl(`https://fault.test:${faults.tls[name]}/${name}`);
    expect(result.status).toBe('502');
    expect(audited.exchanges(`:${faults.tls[name]}/`)[0]?.error?.code).toMatch(
      /^upstream-(?:tls-failed|reset)$/,
    );
  });
});

describe('an upstream that cannot be reached', () => {
  it.each(['http', 'https'])('by %s is a 502 that says why', async (scheme) => {
    const refused = await curl(`${scheme}://127.0.0.1:${faults.refused}/refused`);
    expect(refused.status).toBe('502');
    expect(refused.body).toContain('connection-refused');
    const unknown = await curl(`${scheme}://no-such-host.invalid/x`);
    expect(unknown.status).toBe('502');
    expect(unknown.body).toContain('dns-failed');
  });
});
