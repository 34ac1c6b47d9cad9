import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { startFaults, type Faults } from '../helpers/origin/faults/faults.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('faults');
let authority: Authority;
let faults: Faults;
let audited: AuditedProxy;

beforeAll(async () => {
  authority = createAuthority(workspace.directory);
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

interface CurlOptions {
  readonly seconds?: number;
  readonly argv?: readonly string[];
}

async function curl(url: string, { seconds = 5, argv = [] }: CurlOptions = {}) {
  const way = ['--proxy', audited.url, '--cacert', audited.caFile];
  return runCurl(url, ['--max-time', String(seconds), ...way, ...argv]);
}

/** What curl says without the proxy. */
async function curlDirectly(url: string, { seconds = 5 }: CurlOptions = {}) {
  const { hostname, port } = new URL(url);
  const way = ['--noproxy', '*', '--resolve', `${hostname}:${port}:127.0.0.1`, '--cacert', authority.file];
  return runCurl(url, ['--max-time', String(seconds), ...way]);
}

async function runCurl(url: string, argv: readonly string[]) {
  const result = await runCommand(['curl', '-sS', '--http1.1', ...argv, '-w', '\n%{http_code}', url]);
  const [status = '', ...body] = result.stdout.toString('latin1').split('\n').reverse();
  return { exit: result.code, status, body: body.reverse().join('\n') };
}

/** What the journal says of the connection to a port, when it is closed. */
async function closedTo(port: number) {
  const opened = () => audited.of('connection-opened').find(({ destination }) => destination.port === port);
  const closed = () => audited.of('connection-closed').find(({ id }) => id === opened()?.id);
  await expect.poll(closed).toBeDefined();
  return closed();
}

/** What the journal says of a fault: no head came, a cut body, a whole response, or what cannot be parsed. */
type Outcome = { headless: string } | { cut: string } | { whole: number } | { unparsed: RegExp };

const outcomes: Readonly<Record<keyof Faults['plain'], Outcome>> = {
  resetMidBody: { cut: 'upstream-reset' },
  resetBeforeHead: { headless: 'upstream-reset' },
  closeBeforeHead: { headless: 'upstream-closed-early' },
  hang: { headless: 'client-closed' },
  hangMidBody: { cut: 'client-closed' },
  hangMidHead: { headless: 'client-closed' },
  garbage: { unparsed: /status line/ },
  wrongProtocol: { unparsed: /status line/ },
  badStatusLine: { unparsed: /status line/ },
  shortBody: { cut: 'upstream-closed-early' },
  longBody: { whole: 1000 },
  truncatedChunk: { cut: 'upstream-closed-early' },
  badChunk: { unparsed: /chunk/ },
  twoLengths: { unparsed: /differing Content-Length/ },
  lengthAndChunked: { unparsed: /Content-Length beside Transfer-Encoding/ },
  controlBytesInHeader: { unparsed: /NUL/ },
  megabyteOfHeaders: { unparsed: /head is too long/ },
  byteByByte: { whole: 20 },
};

/** Curl's exit status where the connection was reset under it. */
const RESET = 56;

describe.each(['plain', 'secure'] as const)('an upstream, %s,', (side) => {
  it.each(Object.entries(outcomes))(
    'that does %s is recorded, and the client sees it',
    async (name, outcome) => {
      const port = faults[side][name as keyof Faults['plain']];
      const url = `${side === 'plain' ? 'http' : 'https'}://fault.test:${port}/${name}`;
      const seconds = name.startsWith('hang') ? 1 : 10;
      const [result, direct] = await Promise.all([curl(url, { seconds }), curlDirectly(url, { seconds })]);
      // A request to a proxy has no other sign that there will be no response.
      if (side === 'plain' && name === 'closeBeforeHead') expect(result).toEqual({ ...direct, exit: RESET });
      // A head that is not whole goes on with its end.
      else if (name === 'hangMidHead') expect(result).toEqual({ ...direct, status: '000' });
      else if (name.startsWith('resetBefore'))
        expect(result).toEqual({ ...direct, exit: expect.any(Number) });
      else expect(result).toEqual(direct);
      await expect.poll(() => audited.exchanges(`:${port}/`).length, { timeout: 5000 }).toBe(1);
      const [exchange] = audited.exchanges(`:${port}/`);
      const unparsed = audited
        .of('passed-through')
        .filter(
          ({ connectionId, reason }) => connectionId === exchange?.connectionId && reason === 'unparsed',
        );
      if ('headless' in outcome) {
        expect(exchange).toMatchObject({ response: null, error: { code: outcome.headless } });
      } else if ('whole' in outcome) {
        expect(result.exit).toBe(0);
        expect(exchange?.response?.body).toMatchObject({ size: outcome.whole, complete: true });
        expect(exchange?.unparsed).toBeUndefined();
        // What follows a response is nobody's.
        if (side === 'secure') expect(unparsed).toHaveLength(name === 'longBody' ? 1 : 0);
        return;
      } else if ('unparsed' in outcome) {
        expect(exchange?.unparsed?.reason).toMatch(outcome.unparsed);
        expect(unparsed).toMatchObject([{ detail: exchange?.unparsed?.reason }]);
      } else {
        expect(result.exit, 'the client must notice').not.toBe(0);
        expect(exchange?.response?.body).toMatchObject({ complete: false, error: outcome.cut });
      }
      expect(exchange?.response?.body ?? {}).not.toHaveProperty('sha256');
    },
  );
});

describe('an upstream certificate', () => {
  const certificates = [
    ['expired', 'certificate-expired'],
    ['wrongHost', 'certificate-wrong-host'],
    ['selfSigned', 'certificate-self-signed'],
    ['notYetValid', 'certificate-not-yet-valid'],
    ['unknownAuthority', 'certificate-untrusted'],
    ['missingIntermediate', 'certificate-untrusted'],
  ] as const;

  it.each(certificates)(
    'that is %s is shown as one, and an event, never re-signed as good',
    async (name, cause) => {
      const port = faults.tls[name];
      const url = `https://fault.test:${port}/${name}`;
      expect([await curl(url), await curlDirectly(url)]).toEqual([
        { exit: 60, status: '000', body: '' },
        { exit: 60, status: '000', body: '' },
      ]);
      const closed = await closedTo(port);
      expect(closed?.error).toMatchObject({ code: `upstream-${cause}` });
      const failure = audited.of('tls-failed').find((fact) => fact.connectionId === closed?.id);
      expect(failure).toMatchObject({ side: 'upstream', cause, host: 'fault.test' });
      expect(failure?.advice).toMatch(/fault\.test/);
      expect(audited.of('tls-failed').filter(({ side }) => side === 'client')).toEqual([]);
      expect(faults.arrivals.filter((arrival) => arrival.fault === name)).toHaveLength(0);
    },
  );

  it.each(certificates)(
    'that is %s is taken by who verifies nothing, and that is recorded',
    async (name, cause) => {
      const port = faults.tls[name];
      const taken = await curl(`https://fault.test:${port}/${name}?taken`, { argv: ['-k'] });
      expect(taken).toMatchObject({ exit: 0, status: '200' });
      await expect
        .poll(() => audited.exchanges(`:${port}/${name}?taken`))
        .toMatchObject([{ unverifiedTls: `upstream-${cause}`, response: { by: 'upstream' } }]);
    },
  );

  it.each(['tlsGarbage', 'tlsClose', 'oldTls'] as const)(
    'handshake that does %s fails as one',
    async (name) => {
      const port = faults.tls[name];
      const url = `https://fault.test:${port}/${name}`;
      expect(await curl(url)).toEqual(await curlDirectly(url));
      expect((await closedTo(port))?.error?.code).toMatch(/^upstream-(?:tls-failed|reset)$/);
    },
  );
});

describe('an upstream that cannot be reached', () => {
  it('by a plain request is a 502 that says why', async () => {
    const refused = await curl(`http://127.0.0.1:${faults.refused}/refused`);
    expect(refused.status).toBe('502');
    expect(refused.body).toContain('connection-refused');
    const unknown = await curl('http://no-such-host.invalid/x');
    expect(unknown.status).toBe('502');
    expect(unknown.body).toContain('dns-failed');
  });

  it('in a tunnel is a reset, and its connection says why', async () => {
    expect(await curl(`https://127.0.0.1:${faults.refused}/refused`)).toMatchObject({
      exit: 35,
      status: '000',
    });
    expect(await curl('https://no-such-host.invalid:444/x')).toMatchObject({ exit: 35, status: '000' });
    expect(await closedTo(444)).toMatchObject({ error: { code: 'dns-failed' } });
    const refused = audited
      .of('connection-closed')
      .filter(({ error }) => error?.code === 'connection-refused');
    expect(refused).toHaveLength(1);
  });
});
