import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialThrough } from '../../src/proxy/upstream/proxies/dial-through.ts';
import { parseProxyUrl } from '../../src/proxy/upstream/proxies/parse-proxy-url.ts';
import { startAuditedProxy } from '../helpers/audited-proxy.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { refusedPort } from '../helpers/origin/listening.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { startHttpProxy, type TestProxy } from '../helpers/upstream-proxies/http-proxy.ts';
import { startSocksProxy } from '../helpers/upstream-proxies/socks-proxy.ts';
import { through } from '../helpers/upstream-proxies/upstream-options.ts';

const workspace = createWorkspace('upstream-proxy-faults');
let authority: Authority;
beforeAll(() => {
  authority = createAuthority(workspace.directory);
});
afterAll(() => workspace.remove());

const wants = `Basic ${Buffer.from('user:right').toString('base64')}`;
const answers = (answer: string) => () => startHttpProxy({ answer });
const nowhere = async (): Promise<TestProxy> => {
  const port = await refusedPort(createServer());
  return { port, asked: [], credentials: [], close: () => Promise.resolve() };
};

/** What is wrong, how the proxy is named, the proxy, the code of the journal, and words of the message. */
const faults: readonly [string, string, () => Promise<TestProxy>, string, RegExp][] = [
  ['nobody there', 'http://', nowhere, 'unreachable', /ECONNREFUSED.*--upstream-proxy none/],
  ['403', 'http://', answers('HTTP/1.1 403 No\r\n\r\n'), 'denied', /answered 403 .*NO_PROXY/],
  ['502', 'http://', answers('HTTP/1.0 502 Bad\r\nA: b\r\n\r\nbody'), 'failed', /answered 502/],
  ['SSH', 'http://', answers('SSH-2.0-OpenSSH_9\r\n'), 'protocol-error', /not HTTP/],
  ['an early end', 'http://', answers(''), 'protocol-error', /closed the connection without an answer/],
  ['half a head', 'http://', answers('HTTP/1.1 200 OK\r\nA'), 'protocol-error', /without an answer/],
  [
    'an endless head',
    'http://',
    answers(`HTTP/1.1 200 OK\r\nA: ${'b'.repeat(70_000)}`),
    'protocol-error',
    /not HTTP/,
  ],
  ['no credentials', 'http://', () => startHttpProxy({ wants }), 'auth-required', /USER:PASSWORD@/],
  [
    'wrong ones',
    'http://user:planted-wrong@',
    () => startHttpProxy({ wants }),
    'auth-refused',
    /percent-encoded/,
  ],
  [
    'NTLM',
    'http://user:planted-right@',
    () => startHttpProxy({ wants, challenges: ['NTLM', 'Negotiate'] }),
    'auth-unsupported',
    /asks for ntlm or negotiate, and proxaudit can give it Basic only/,
  ],
  ['no TLS', 'https://', () => startHttpProxy(), 'tls-failed', /http:\/\/ if it speaks no TLS/],
  [
    'a certificate for another name',
    'https://',
    () => startHttpProxy({ leaf: authority.issue({ names: ['other.test'] }) }),
    'tls-failed',
    /ERR_TLS_CERT_ALTNAME_INVALID/,
  ],
  [
    'SOCKS without credentials',
    'socks5h://',
    () => startSocksProxy({ wants: 'a:b' }),
    'auth-required',
    /USER:PASS/,
  ],
  [
    'SOCKS with wrong ones',
    'socks5h://a:planted-no@',
    () => startSocksProxy({ wants: 'a:b' }),
    'auth-refused',
    /a/,
  ],
  ['SOCKS rules', 'socks5h://', () => startSocksProxy({ result: 2 }), 'denied', /rules do not allow it/],
  [
    'SOCKS host unreachable',
    'socks5h://',
    () => startSocksProxy({ result: 4 }),
    'failed',
    /host cannot be reached/,
  ],
  ['SOCKS 4 refused', 'socks4a://', () => startSocksProxy({ result: 91 }), 'failed', /refused or could not/],
  ['HTTP for SOCKS', 'socks5h://', answers('HTTP/1.1 400 Bad\r\n\r\n'), 'protocol-error', /SOCKS 5|closed/],
];

async function askInTheClear(proxy: string, url: string): Promise<string> {
  const socket = connect(Number(new URL(proxy).port), '127.0.0.1');
  socket.write(`GET ${url} HTTP/1.1\r\nHost: origin.test\r\n\r\n`);
  return text(socket);
}

describe('an upstream proxy that fails', () => {
  it.each(faults)('by %s is named, with what mends it', async (_what, start, startProxy, code, words) => {
    const proxy = await startProxy();
    const audited = await startAuditedProxy(workspace.directory, {
      upstreamCaFile: authority.file,
      ...through(`${start}127.0.0.1:${proxy.port}`),
    });
    const argv = ['curl', '-sS', '-w', '%{http_code}', '--proxy', audited.url, '--cacert', audited.caFile];
    // Its tunnel was open already.
    const tunnelled = await runCommand([...argv, 'https://origin.test/']);
    expect([tunnelled.code, tunnelled.stdout.toString()]).toEqual([35, '000']);
    await expect.poll(() => audited.of('connection-closed')).toHaveLength(1);
    const [closed] = audited.of('connection-closed');
    expect(closed?.error?.code).toBe(`upstream-proxy-${code}`);
    expect(closed?.error?.message).toMatch(words);
    expect(closed?.error?.message).toContain(`://127.0.0.1:${proxy.port}`);
    // Who leaves TLS to us has an answer.
    const said = await askInTheClear(audited.url, 'https://origin.test/');
    expect(said).toMatch(/^HTTP\/1\.1 502 /);
    expect(said).toContain(`upstream-proxy-${code}: `);
    expect(said).toMatch(words);
    expect(audited.exchanges('https://origin.test/')).toMatchObject([
      { response: { by: 'proxaudit' }, error: { code: `upstream-proxy-${code}` } },
    ]);
    expect(audited.of('tls-failed')).toEqual([]);
    expect(`${said}${JSON.stringify(audited.facts)}`).not.toMatch(/planted|cGxhbnRlZ|user:/);
    await audited.close();
    await proxy.close();
  });

  it('by asking for credentials for a plain request gives no 407 to the client, and gets nothing of it', async () => {
    const proxy = await startHttpProxy({ wants, challenges: ['Basic realm="x"'] });
    const audited = await startAuditedProxy(workspace.directory, through(`http://127.0.0.1:${proxy.port}`));
    const argv = ['curl', '-sS', '-w', '%{http_code}', '--proxy', audited.url, '--proxy-user', 'user:right'];
    const said = (await runCommand([...argv, '-d', 'x', 'http://origin.test/'])).stdout.toString();
    expect(said).toMatch(/upstream-proxy-auth-required: .*502$/s);
    expect(proxy.credentials).toEqual([]);
    expect(audited.exchanges('/')[0]).toMatchObject({
      response: { status: 502, by: 'proxaudit' },
      error: { code: 'upstream-proxy-auth-required' },
    });
    await audited.close();
    await proxy.close();
  });

  it('by silence is given up', async () => {
    const proxy = await startHttpProxy({ isSilent: true });
    const dialled = dialThrough(parseProxyUrl(`127.0.0.1:${proxy.port}`, 'X'), {
      destination: { host: 'origin.test', port: 443 },
      isForwarding: false,
      secureContext: () => createSecureContext(),
      timeoutMs: 300,
    });
    await expect(dialled).rejects.toMatchObject({ code: 'upstream-proxy-timeout' });
    await proxy.close();
  });

  it('closes a raw tunnel, and its connection says why', async () => {
    const proxy = await startHttpProxy({ answer: 'HTTP/1.1 403 No\r\n\r\n' });
    const audited = await startAuditedProxy(workspace.directory, through(`http://127.0.0.1:${proxy.port}`));
    const argv = ['curl', '-sS', '--proxytunnel', '--proxy', audited.url, 'telnet://raw.test:7'];
    await runCommand(argv, { input: '\u0001raw' });
    await expect.poll(() => audited.of('connection-closed')).toHaveLength(1);
    expect(audited.of('connection-closed')[0]?.error?.code).toBe('upstream-proxy-denied');
    await audited.close();
    await proxy.close();
  });
});
