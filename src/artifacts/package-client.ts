import { isUtf8 } from 'node:buffer';
import type { Asked, Found } from './recogniser.ts';
import { isPage } from './page.ts';

/** By how they introduce themselves: programs that fetch packages of one ecosystem, and hardly anything else. */
const clients: readonly (readonly [agent: RegExp, ecosystem: string])[] = [
  [/^(?:npm|pnpm|yarn)\//, 'npm'],
  [/^(?:pip|uv|poetry|pdm|unearth|pipenv)\//, 'pypi'],
  [/^cargo[ /]/, 'cargo'],
];
const archiveName = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tlz|zip|whl|egg|crate)$/i;
const HEAD_BYTES = 512;

/**
 * The ecosystem of the client that asked, where it says so. A mirror has no say in that: what such a client stores is a
 * package to it, whatever the mirror calls it.
 */
export function packageEcosystem({ requestHeader }: Pick<Asked, 'requestHeader'>): string | undefined {
  const agent = requestHeader('user-agent');
  return agent === undefined ? undefined : clients.find(([pattern]) => pattern.test(agent))?.[1];
}

/** A package that nothing names: lockfiles of its ecosystem do not account for it. */
export function namelessPackage({ method, url }: Asked, ecosystem: string): Found | undefined {
  if (method !== 'GET') return undefined;
  return {
    kind: 'artifact',
    identity: {
      class: 'package',
      ecosystem,
      purl: null,
      name: url.fileName === '' ? url.host : url.fileName,
      version: null,
      fileName: url.fileName === '' ? null : url.fileName,
      identifiedBy: 'guess',
      keys: [],
    },
    open: {
      keep: 'head',
      limit: HEAD_BYTES,
      read: ({ bytes }) => {
        if (isPage(bytes)) return 'a-page';
        // Texts are metadata of a kind that nobody reads here; an archive may have anything at its beginning.
        return !isText(bytes) || archiveName.test(url.fileName) ? undefined : 'not-an-artifact';
      },
    },
  };
}

/** Archives have bytes that no text has, gzip its first one; NUL need not be among them. */
function isText(bytes: Buffer): boolean {
  if (bytes.some((byte) => (byte < 0x20 && !textControls.includes(byte)) || byte === 0x7f)) return false;
  // The last character may be cut.
  return bytes.length < HEAD_BYTES
    ? isUtf8(bytes)
    : lastCuts.some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
}

const textControls = [...Buffer.from('\t\n\f\r')];
const lastCuts = [0, 1, 2, 3];
