import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunCa, mintFaultyLeaf, mintLeaf, readUpstreamRoots } from '../../src/certificates/index.ts';
import type { EventType, Fact, FactOf } from '../../src/model/events.ts';
import { startProxy, type Proxy } from '../../src/proxy/index.ts';
import type { ProxyOptions } from '../../src/proxy/types.ts';

export interface AuditedProxy {
  readonly proxy: Proxy;
  readonly url: string;
  /** Our CA, as a file for clients. */
  readonly caFile: string;
  readonly facts: readonly Fact[];
  of<T extends EventType>(type: T): FactOf<T>[];
  /** The completed exchanges whose URL contains `part`. */
  exchanges(part: string): FactOf<'exchange-completed'>[];
  close(): Promise<void>;
}

/** A proxy in this process that keeps its facts in memory; every name of `resolve` leads to 127.0.0.1. */
export async function startAuditedProxy(
  directory: string,
  options: {
    upstreamCaFile?: string;
    resolve?: Record<string, number>;
    overrides?: Partial<ProxyOptions>;
  } = {},
): Promise<AuditedProxy> {
  const facts: Fact[] = [];
  const ca = createRunCa('test-run');
  const caFile = join(directory, `audit-ca-${Math.random().toString(36).slice(2)}.pem`);
  writeFileSync(caFile, ca.certPem);
  const proxy = await startProxy({
    host: '127.0.0.1',
    port: 0,
    record: (fact) => facts.push(structuredClone(fact)),
    afterWritten: (action) => {
      action();
    },
    redaction: { url: (url) => url, headers: lowerCase, text: (text) => text, body: asText },
    peers: {
      admit: () => Promise.resolve('admitted' as const),
      processOf: () => Promise.resolve(undefined),
      seesClient: () => Promise.resolve(true),
    },
    mintLeaf: (host) => mintLeaf(ca, host),
    mintFaultyLeaf,
    upstreamRoots: () => readUpstreamRoots({ env: {}, upstreamCaFile: options.upstreamCaFile }),
    resolve: Object.entries(options.resolve ?? {}).map(([key, toPort]) => {
      const [host = '', port] = key.split(':');
      return { host, port: port === undefined ? undefined : Number(port), address: '127.0.0.1', toPort };
    }),
    upstreamProxies: undefined,
    clientCertificates: [],
    passthrough: [],
    adviseRefusal: (process, host) => `advice for ${process?.name ?? 'somebody'} about ${host}`,
    ...options.overrides,
  });
  const of = <T extends EventType>(type: T): FactOf<T>[] =>
    facts.filter((fact): fact is FactOf<T> => fact.type === type);
  return {
    proxy,
    url: `http://127.0.0.1:${proxy.port}`,
    caFile,
    facts,
    of,
    exchanges: (part) => of('exchange-completed').filter((fact) => fact.request.url.includes(part)),
    close: () => proxy.stop(),
  };
}

function lowerCase(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

function asText(bytes: Buffer): { text: string; encoding: 'utf-8' } {
  return { text: bytes.toString(), encoding: 'utf-8' };
}
