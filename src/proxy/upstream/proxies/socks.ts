import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import type { Destination, UpstreamProxy } from '../../types.ts';
import { demandsCredentials, notUnderstood, refusesCredentials } from './explain.ts';
import { UpstreamProxyError, type UpstreamProxyErrorCode } from './proxy-error.ts';
import { ask, type Negotiation, type Reply } from './reply-reader.ts';

// RFC 1928 and RFC 1929; SOCKS 4 and 4a have no RFC.
const CONNECT = 1;
const NO_AUTHENTICATION = 0;
const USERNAME_PASSWORD = 2;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;
const MAX_NAME = 255;
const GRANTED_BY_4 = 90;

const refusals: Readonly<Record<number, readonly [UpstreamProxyErrorCode, string]>> = {
  1: ['upstream-proxy-failed', 'it has failed'],
  2: ['upstream-proxy-denied', 'its rules do not allow it'],
  3: ['upstream-proxy-failed', 'the network cannot be reached'],
  4: ['upstream-proxy-failed', 'the host cannot be reached'],
  5: ['upstream-proxy-failed', 'the connection was refused'],
  6: ['upstream-proxy-failed', 'the connection took too long'],
  7: ['upstream-proxy-failed', 'it does not serve CONNECT'],
  8: ['upstream-proxy-failed', 'it does not serve this kind of address'],
  [GRANTED_BY_4 + 1]: ['upstream-proxy-failed', 'it refused or could not'],
  [GRANTED_BY_4 + 2]: ['upstream-proxy-denied', 'it cannot ask identd who we are'],
  [GRANTED_BY_4 + 3]: ['upstream-proxy-denied', 'identd names somebody else'],
};

/** Asks a SOCKS proxy of any version for a tunnel. */
export async function connectBySocks(negotiation: Negotiation, destination: Destination): Promise<void> {
  const { protocol } = negotiation.proxy;
  const place = await resolvePlace(destination, protocol);
  const result = protocol.startsWith('socks5')
    ? await connectBy5(negotiation, place)
    : await connectBy4(negotiation, place);
  if (result === 0 || result === GRANTED_BY_4) return;
  negotiation.socket.destroy();
  const [code, why] = refusals[result] ?? ['upstream-proxy-failed', `it answered ${result}`];
  throw new UpstreamProxyError(
    code,
    `the upstream proxy ${negotiation.proxy.shown} does not connect to ${destination.host}:${destination.port}: ${why}`,
  );
}

/** `socks5` and `socks4` leave names to us, `socks5h` and `socks4a` to the proxy. */
async function resolvePlace(
  { host, port }: Destination,
  protocol: UpstreamProxy['protocol'],
): Promise<Destination> {
  if (isIP(host) !== 0 || protocol === 'socks5h' || protocol === 'socks4a') return { host, port };
  const { address } = await lookup(host, { family: protocol === 'socks4' ? 4 : 0 });
  return { host: address, port };
}

async function connectBy5(negotiation: Negotiation, { host, port }: Destination): Promise<number> {
  await authenticate(negotiation);
  const request = Buffer.concat([Buffer.from([5, CONNECT, 0]), encodeAddress(host), encodePort(port)]);
  const reply = await ask(negotiation, request, readReply5);
  if (reply.version !== 5) throw notUnderstood(negotiation.proxy, 'this is not SOCKS 5');
  return reply.result;
}

async function authenticate(negotiation: Negotiation): Promise<void> {
  const { proxy } = negotiation;
  const { username, password = '' } = proxy;
  const methods = username === undefined ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, USERNAME_PASSWORD];
  const [version, method] = await ask(negotiation, Buffer.from([5, methods.length, ...methods]), readPair);
  if (version !== 5) throw notUnderstood(proxy, 'this is not SOCKS 5');
  if (method === NO_AUTHENTICATION) return;
  if (method !== USERNAME_PASSWORD || username === undefined)
    throw username === undefined ? demandsCredentials(proxy) : refusesCredentials(proxy);
  const credentials = [username, password].map((text) => Buffer.from(text));
  const parts = credentials.flatMap((text) => [Buffer.from([text.length]), text]);
  const [, status] = await ask(negotiation, Buffer.concat([Buffer.from([1]), ...parts]), readPair);
  if (status !== 0) throw refusesCredentials(proxy);
}

async function connectBy4(negotiation: Negotiation, { host, port }: Destination): Promise<number> {
  const { proxy } = negotiation;
  const isAddress = isIP(host) === 4;
  if (isIP(host) === 6) throw notUnderstood(proxy, 'SOCKS 4 knows no IPv6 addresses');
  const request = Buffer.concat([
    Buffer.from([4, CONNECT]),
    encodePort(port),
    // 0.0.0.1: the name follows (SOCKS 4a).
    Buffer.from(isAddress ? ipaddr.IPv4.parse(host).toByteArray() : [0, 0, 0, 1]),
    Buffer.from(`${proxy.username ?? ''}\0${isAddress ? '' : `${toAscii(host)}\0`}`),
  ]);
  const reply = await ask(negotiation, request, (bytes) =>
    bytes.length < 8
      ? { state: 'incomplete' }
      : { state: 'complete', value: { version: bytes[0], result: bytes[1] ?? 0 }, length: 8 },
  );
  if (reply.version !== 0 || reply.result < GRANTED_BY_4) throw notUnderstood(proxy, 'this is not SOCKS 4');
  return reply.result;
}

function readPair(bytes: Buffer): Reply<readonly [number, number]> {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return { state: 'incomplete' };
  return { state: 'complete', value: [first, second], length: 2 };
}

function readReply5(bytes: Buffer): Reply<{ version: number; result: number }> {
  const [version = 0, result = 0, , kind, size = 0] = bytes;
  if (bytes.length < 5) return { state: 'incomplete' };
  const lengths: Readonly<Record<number, number>> = { [IPV4]: 4, [IPV6]: 16, [NAME]: 1 + size };
  const length = 4 + (lengths[kind ?? 0] ?? 0) + 2;
  // A refusal may be cut short: it is all that will come.
  if (bytes.length < length && result === 0) return { state: 'incomplete' };
  return { state: 'complete', value: { version, result }, length: Math.min(length, bytes.length) };
}

function encodeAddress(host: string): Buffer {
  if (isIP(host) !== 0) {
    const bytes = ipaddr.parse(host).toByteArray();
    return Buffer.from([bytes.length === 4 ? IPV4 : IPV6, ...bytes]);
  }
  // What does not fit into one byte is no name that DNS knows (RFC 1035).
  const name = Buffer.from(toAscii(host).slice(0, MAX_NAME));
  return Buffer.concat([Buffer.from([NAME, name.length]), name]);
}

function encodePort(port: number): Buffer {
  return Buffer.from([port >> 8, port & 0xff]);
}

function toAscii(host: string): string {
  return domainToASCII(host) || host;
}
