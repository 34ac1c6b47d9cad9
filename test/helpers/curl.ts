import type { AuditedProxy } from './audited-proxy.ts';
import type { Authority } from './origin/authority.ts';
import type { Origin } from './origin/origin.ts';
import { runCommand, type CommandResult } from './origin/run-command.ts';

/** One way in which curl speaks to the origin: options, what it comes to with the proxy, and the version seen. */
export interface Way {
  readonly name: string;
  readonly base: string;
  readonly flags: readonly string[];
  /** How the proxy is used; default: as an HTTP proxy. */
  readonly through?: 'tunnel' | 'socks5h' | 'socks5';
  readonly version: '1.0' | '1.1' | '2';
}

export const ways: readonly Way[] = [
  { name: 'plain HTTP', base: 'http://origin.test', flags: [], version: '1.1' },
  { name: 'plain HTTP/1.0', base: 'http://origin.test', flags: ['--http1.0'], version: '1.0' },
  { name: 'HTTP in a tunnel', base: 'http://origin.test', flags: [], through: 'tunnel', version: '1.1' },
  { name: 'HTTPS, HTTP/1.1', base: 'https://origin.test', flags: ['--http1.1'], version: '1.1' },
  { name: 'HTTPS, HTTP/2', base: 'https://origin.test', flags: ['--http2'], version: '2' },
  {
    ...{ name: 'HTTPS, upstream without HTTP/2', base: 'https://origin.test:8443' },
    ...{ flags: ['--http2'], version: '1.1' },
  },
  {
    ...{ name: 'HTTP/2 by prior knowledge in a tunnel', base: 'http://origin.test:8080' },
    ...{ flags: ['--http2-prior-knowledge'], through: 'tunnel', version: '2' },
  },
  { name: 'SOCKS5', base: 'https://origin.test', flags: [], through: 'socks5h', version: '2' },
  {
    name: 'SOCKS5, name resolved by curl',
    base: 'http://origin.test',
    flags: [],
    through: 'socks5',
    version: '1.1',
  },
];

const portNames = { 80: 'http', 443: 'https', 8443: 'https1', 8080: 'h2c' } as const;

/** Where `origin.test` is for the proxy; by address too, for curl's own resolving. */
export function resolveOrigin({ ports }: Pick<Origin, 'ports'>): Record<string, number> {
  const rules: Record<string, number> = {};
  for (const [port, name] of Object.entries(portNames))
    for (const host of ['origin.test', '127.0.0.1']) rules[`${host}:${port}`] = ports[name];
  return rules;
}

export interface CurlScene {
  readonly origin: Origin;
  readonly audited: AuditedProxy;
  readonly authority: Authority;
}

export interface CurlOptions {
  readonly input?: string | Buffer;
  readonly cwd?: string;
}

function proxyFlags({ audited }: CurlScene, { through }: Way): string[] {
  const trust = ['--cacert', audited.caFile, '--suppress-connect-headers'];
  switch (through) {
    case 'socks5h':
    case 'socks5':
      return [
        ...['--proxy', audited.url.replace('http', through), ...trust],
        ...Object.keys(portNames).flatMap((port) => ['--resolve', `origin.test:${port}:127.0.0.1`]),
      ];
    case 'tunnel':
      return ['--proxy', audited.url, '--proxytunnel', ...trust];
    default:
      return ['--proxy', audited.url, ...trust];
  }
}

const directFlags = ({ origin, authority }: CurlScene): string[] => [
  ...['--noproxy', '*', '--cacert', authority.file],
  ...Object.entries(portNames).flatMap(([port, name]) => [
    '--connect-to',
    `origin.test:${port}:127.0.0.1:${origin.ports[name]}`,
  ]),
];

type Curl = (
  scene: CurlScene,
  way: Way,
  argv: readonly string[],
  options?: CurlOptions,
) => Promise<CommandResult>;

const curl =
  (reach: (scene: CurlScene, way: Way) => string[]): Curl =>
  (scene, way, argv, options) =>
    runCommand(['curl', '-sS', '--max-time', '30', ...way.flags, ...argv, ...reach(scene, way)], options);

/** Runs curl with the proxy; `argv` holds URLs too. */
export const curlThrough = curl(proxyFlags);

/** Runs the same curl without it. */
export const curlDirect = curl(directFlags);

/**
 * A response as curl shows it with `-i`, without what belongs to the connection and not to the message, and without what
 * tells the time. A proxy speaks its own version of HTTP/1 to each side (RFC 9110 2.5).
 */
export function normalizeResponse(output: Buffer): string {
  const text = output.toString('latin1');
  const end = text.lastIndexOf('\r\n\r\nHTTP/') >= 0 ? -1 : text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const kept = head
    .split('\r\n')
    .map((line) => line.replace(/^HTTP\/1\.0 /, 'HTTP/1.1 '))
    .filter((line) => !/^(?:date|connection|keep-alive|transfer-encoding|proxy-connection):/i.test(line));
  return [...kept, end < 0 ? '' : text.slice(end)].join('\n');
}
