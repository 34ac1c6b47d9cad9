import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../helpers/audited-user.ts';
import { createAuthority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import type { CommandResult } from '../helpers/origin/run-command.ts';
import { serve, type LocalServer, type Served } from '../helpers/origin/serve.ts';
import { acceptUpgrades } from '../helpers/origin/upgrades.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { createSecret, findLeaks, formsOf } from '../helpers/secrets.ts';

const workspace = createWorkspace('secrets');
const NAMES = [
  'basicPassword bearer proxyPassword cookie setCookie userinfo referer location query encodedQuery nested signature',
  'amzCredential amzToken sas webhook chatHook bot trailer body answer line argument environment urlPassword failed',
  'upgrade headerInLink challenge notStarted survivor fragment matrix',
  'apiKeyHeader jsonMember jsonList jsonEscaped formField formPart xmlElement cutInHalf echoed',
].flatMap((names) => names.split(' '));
const secrets = Object.fromEntries(NAMES.map((name) => [name, createSecret()])) as Record<string, string>;
const of = (name: string): string => {
  const secret = secrets[name];
  if (secret === undefined) throw new Error(`no secret ${name}`);
  return secret;
};
/** Tokens that are known by their shape, wherever they stand. */
const letters = (length: number): string => 'a1B2c3D4e5F6g7H8i9J0'.repeat(4).slice(0, length);
const shapes: Record<string, string> = {
  forge: `ghp_${letters(36)}`,
  registry: `npm_${letters(36)}`,
  cloud: `AKIA${'ABCDEFGH12345678'}`,
  chat: `xoxb-${'1234567890'}-${letters(24)}`,
  jwt: `eyJ${letters(20)}.eyJ${letters(30)}.${letters(43)}`,
};
/** What must stay readable. */
const readable = {
  sha1: '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
  sha256: '58cd2187c01e70e6e26505bca751777a58cd2187c01e70e6e26505bca751777a',
  sha512: '58cd2187c01e70e6'.repeat(8),
  version: 'left-pad-1.3.0-beta.12',
};
const user = createUser(workspace.directory, 'user', {
  DEPLOY_TOKEN: of('environment'),
  HTTPS_PROXY: `http://somebody:${of('urlPassword')}@proxy.example:3128`,
});
let server: LocalServer;
let options: string[];

function answer({ response, url, request }: Served): void {
  if (url.pathname === '/echo') {
    response.writeHead(200, {
      'content-type': request.headers['content-type'] ?? 'text/plain',
      'x-session-id': of('echoed'),
      ...(url.searchParams.has('gzip') ? { 'content-encoding': 'gzip' } : {}),
    });
    if (url.searchParams.has('gzip')) request.pipe(createGzip()).pipe(response);
    else request.pipe(response);
    return;
  }
  request.resume();
  const headers: Record<string, string | string[]> = {
    'set-cookie': [`session=${of('setCookie')}; Path=/`, 'other=1'],
    link: `<https://origin.test/next?token=${of('headerInLink')}>; rel="next"`,
    'www-authenticate': `Bearer realm="https://origin.test/", error="token=${of('challenge')}"`,
    trailer: 'x-token, etag',
  };
  if (url.pathname === '/redirect') {
    const place = `https://cdn:${of('userinfo')}@origin.test/landing?X-Amz-Signature=${of('location')}`;
    response.writeHead(302, { ...headers, location: place }).end();
    return;
  }
  response.writeHead(200, headers);
  response.write(`{"token":"${of('answer')}"}`);
  response.addTrailers({ 'x-token': of('trailer'), etag: `"token=${of('trailer')}"` });
  response.end();
}

beforeAll(async () => {
  const authority = createAuthority(workspace.directory);
  const upgrade = acceptUpgrades({ messages: [] });
  server = await serve({ authority, names: ['origin.test'], upgrade, handle: answer });
  options = ['--upstream-ca', authority.file, ...resolveArguments('origin.test', server)];
  options.push('--resolve', 'down.test=127.0.0.1:1');
});

afterAll(async () => {
  await server.close();
  workspace.remove();
});

const percent = (text: string): string => formsOf(text).at(-3) ?? '';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** One curl per line, all of them with a secret somewhere. */
function requests(): string[][] {
  const secure = 'https://origin.test';
  const paths = [
    `/q?access_token=${of('query')}&v=1`,
    `/q?x=1&password=${percent(of('encodedQuery'))}`,
    `/q?continue=${encodeURIComponent(`https://a.example/?api_key=${of('nested')}`)}`,
    `/o?X-Amz-Credential=${of('amzCredential')}&X-Amz-Security-Token=${of('amzToken')}&X-Amz-Signature=${of('signature')}`,
    `/o?sv=2022&sp=r&sig=${of('sas')}`,
    `/api/webhooks/1234567890/${of('webhook')}`,
    `/services/T01234567/B01234567/${of('chatHook')}`,
    `/bot123456:${of('bot')}/send`,
    `/a;jsessionid=${of('matrix')}/b`,
    ...Object.values(shapes).flatMap((token) => [
      `/at/${token}/x`,
      `/x?note=${token}`,
      `/x?note=${base64(token)}`,
    ]),
    ...[of('environment'), base64(`user:${of('environment')}`), percent(of('environment'))].flatMap(
      (form) => [`/plain/${encodeURIComponent(form)}`, `/plain?note=${encodeURIComponent(form)}`],
    ),
    `/archive/${readable.sha1}.tar.gz?digest=sha256:${readable.sha256}`,
    `/blobs/${readable.sha512}/${readable.version}.tgz`,
  ];
  return [
    ...paths.map((path) => [`${secure}${path}`]),
    ['-u', `somebody:${of('basicPassword')}`, `${secure}/basic`],
    ['-H', `Authorization: Bearer ${of('bearer')}`, `http://origin.test/bearer`],
    [
      '-H',
      `Proxy-Authorization: Basic ${base64(`somebody:${of('proxyPassword')}`)}`,
      'http://origin.test/proxy',
    ],
    ['-b', `sid=${of('cookie')}`, `${secure}/cookie`],
    ['-e', `https://page.example/?session=${of('referer')}`, `${secure}/referer`],
    ['-d', `password=${of('body')}`, `${secure}/login`],
    ['-L', `${secure}/redirect`],
    [`https://somebody:${of('userinfo')}@origin.test/userinfo`],
    [`${secure}/page#access_token=${of('fragment')}`],
    ['-f', `https://down.test/?token=${of('failed')}`],
    ['--http1.1', ...upgradeHeaders, '-m', '3', `${secure}/ws/greet?token=${of('upgrade')}`],
  ];
}

/** Bodies that the server sends back, plain or compressed. */
function posts(): string[][] {
  const escaped = [...of('jsonEscaped')].map((c) => `\\\\u00${c.charCodeAt(0).toString(16)}`).join('');
  const environment = of('environment');
  const bodies: readonly (readonly [type: string, body: string])[] = [
    ['application/json', `{"user":"me","password":"${of('jsonMember')}","n":1}`],
    ['application/json', `{"tokens":["${of('jsonList')}"],"api_key":"${escaped}"}`],
    ['application/x-www-form-urlencoded', `user=me&client_secret=${percent(of('formField'))}&x=y`],
    ['application/xml', `<login><password>${of('xmlElement')}</password></login>`],
    [
      'text/plain',
      `plain ${environment} base64 ${base64(`x${environment}`)} percent ${percent(environment)}`,
    ],
    ['application/octet-stream', `note=${base64(environment)}&other=${environment}`],
    ['text/plain', Object.values(shapes).join(' ')],
    ['text/plain', `${'x '.repeat(140)}${environment}`],
    ['application/json', `{"fill":"${'x '.repeat(125)}","token":"${of('cutInHalf')}"}`],
  ];
  return bodies.flatMap(([type, body]) =>
    ['/echo', '/echo?gzip'].map((path) => [
      ...['-H', `Content-Type: ${type}`, '-H', `X-Api-Key: ${of('apiKeyHeader')}`, '--compressed'],
      ...['--data-binary', body, `https://origin.test${path}`],
    ]),
  );
}

const upgradeHeaders = [
  ...['-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket', '-H', 'Sec-WebSocket-Version: 13'],
  ...['-H', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
];

const quote = (word: string): string => `'${word}'`;

/** All that was left on disk below a directory, names included. */
function contentOf(directory: string): string {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const file = join(directory, name);
      return `${name}\n${statSync(file).isFile() ? readFileSync(file, 'latin1') : ''}`;
    })
    .join('\n');
}

function expectNoLeak(text: string): void {
  expect(findLeaks(text, { ...secrets, ...shapes })).toEqual([]);
}

const said = ({ stdout, stderr }: CommandResult): string => `${stdout.toString()}${stderr}`;

describe('a run full of secrets', () => {
  it('leaves none of them in a file, a report or an output, and what is none stays readable', async () => {
    const script = join(workspace.directory, 'script.sh');
    const curls = requests().map((args) => ['curl', '-s', '-o', '/dev/null', ...args].map(quote).join(' '));
    writeFileSync(script, [...curls, 'true'].join('\n'));
    // What is shown of the run is taken from all of its outputs: the command itself prints nothing.
    const results: CommandResult[] = [];
    const run = async (...args: string[]): Promise<void> => {
      results.push(await user.proxaudit(args, { timeoutMs: 240_000 }));
    };
    const place = (name: string): string => join(user.directory, name);
    const reports = [`--report=json=${place('run.json')}`, `--report=markdown=${place('run.md')}`];
    await run(...options, ...reports, '--verbose', '--', 'sh', script, '--token', of('argument'));
    await run('report', '--verbose');
    await run('report', '--report', 'json', '--report', 'markdown');
    const journal = contentOf(user.runs);
    // Each kind by itself, with the secrets on our own command line.
    for (const args of requests().slice(-9))
      await run(...options, '--', 'curl', '-s', '-o', '/dev/null', ...args);
    await run(
      ...options,
      '-c',
      `true; API_KEY=${of('line')} true; curl -s -o /dev/null -u me:${of('line')} http://origin.test/`,
    );
    await run('--', `no-such-command --token=${of('notStarted')}`);
    await run('--drain', '0', '-c', `sh -c 'sleep 2; exit' --token=${of('survivor')} >/dev/null 2>&1 &`);
    await run('report', '--verbose');

    for (const result of results) expectNoLeak(said(result));
    expectNoLeak(contentOf(user.directory));
    const codes = results.map(({ code }) => code);
    // Of the single curls one is reset (35), and one waits three seconds for a WebSocket that says nothing (28).
    expect(codes).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 35, 28, 0, 127, 0, 0]);

    // The origin saw them all, so they did pass through us.
    const passed = JSON.stringify(server.log);
    for (const name of ['query', 'amzToken', 'webhook', 'bearer', 'cookie', 'referer', 'upgrade']) {
      expect(passed).toContain(of(name));
    }
    expect(passed).toContain(shapes['jwt']);
    for (const text of Object.values(readable)) expect(journal, text).toContain(text);
    expect(journal).toContain('REDACTED');
    expect(journal).toContain('/q?access_token=REDACTED&v=1');
  });

  it('leaves none where all headers and bodies are kept, whole, cut or compressed', async () => {
    const script = join(workspace.directory, 'posts.sh');
    const parts = ['-F', `password=${of('formPart')}`, '-F', 'user=me', 'https://origin.test/echo'];
    const all = [...requests(), ...posts(), parts];
    const curls = all.map((args) => ['curl', '-s', '-o', '/dev/null', ...args].map(quote).join(' '));
    writeFileSync(script, [...curls, 'true'].join('\n'));
    const kept = ['--log-headers', 'all', '--log-body', '300', '--on-refusal', 'tunnel'];
    const result = await user.proxaudit([...options, ...kept, '--', 'sh', script], { timeoutMs: 240_000 });
    expect(result.code).toBe(0);
    expectNoLeak(said(result));
    expectNoLeak(contentOf(user.directory));

    const { exchanges } = user.lastJournal();
    const echoes = exchanges.filter(({ request }) => request.url.includes('/echo'));
    expect(echoes).toHaveLength(posts().length + 1);
    for (const { request, response } of echoes) {
      expect(request.body.content?.text).toBeTruthy();
      expect(response?.body.content).toEqual(request.body.content);
      expect(response?.headers['x-session-id']).toBe('REDACTED');
    }
    const texts = echoes.map(({ request }) => request.body.content?.text ?? '');
    // Half a secret at the end is left out with all of its word.
    const cut = 'x '.repeat(140);
    expect(texts.filter((text) => !text.includes('REDACTED') && text !== cut)).toEqual([]);
    expect(texts[0]).toBe('{"user":"me","password":"REDACTED","n":1}');
    expect(echoes.filter(({ request }) => request.body.content?.truncated).length).toBeGreaterThanOrEqual(4);
    expect(echoes[0]?.request.headers).toMatchObject({ 'x-api-key': 'REDACTED' });
    const passed = server.log.filter(({ path }) => path.startsWith('/echo'));
    expect(JSON.stringify(passed)).toContain(of('apiKeyHeader'));
  });
});
