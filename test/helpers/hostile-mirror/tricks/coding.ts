import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Reply } from '../reply.ts';
import { onFile, type Trick } from '../trick.ts';

const padding = Buffer.alloc(64);
type Code = (content: Buffer) => Buffer;

/** The good file, encoded, and the evil one after it: who reads a zip from its end has the evil one. */
const followed =
  (coding: string, encode: Code, between: Buffer = padding) =>
  ({ good, evil }: { good: Buffer; evil: Buffer }): Reply => ({
    headers: coding.split('\n').map((line) => ['Content-Encoding', line] as const),
    body: Buffer.concat([encode(good), between, evil]),
  });
const encoded =
  (which: 'good' | 'evil', coding: string, encode: Code) =>
  (stage: { good: Buffer; evil: Buffer }): Reply => ({
    headers: [['Content-Encoding', coding]],
    body: encode(stage[which]),
  });

/** A zstd frame that holds the content as it is. */
export function zstdFrame(content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  const header = Buffer.alloc(3);
  header.writeUIntLE((content.length << 3) | 1, 0, 3);
  return Buffer.concat([Buffer.from('28b52ffda0', 'hex'), size, header, content]);
}

const twice: Code = (content) => gzipSync(gzipSync(content));

const tricks: readonly Omit<Trick, 'kind'>[] = [
  {
    id: 'gzip-then-file',
    says: 'gzip of the good file, NUL bytes, then the evil file',
    plays: onFile(followed('gzip', gzipSync), 'good'),
    inCi: ['pip', 'npm'],
  },
  {
    id: 'gzip-then-file-at-once',
    says: 'gzip of the good file, and the evil file directly after it',
    plays: onFile(followed('gzip', gzipSync, Buffer.alloc(0)), 'good'),
  },
  {
    id: 'gzip-members',
    says: 'two gzip members: the good file, then the evil one',
    plays: onFile(({ good, evil }) => ({
      headers: [['Content-Encoding', 'gzip']],
      body: Buffer.concat([gzipSync(good), gzipSync(evil)]),
    })),
  },
  { id: 'x-gzip-then-file', says: 'the same as x-gzip', plays: onFile(followed('x-gzip', gzipSync), 'good') },
  {
    id: 'GZip-then-file',
    says: 'the same with the coding in other letters',
    plays: onFile(followed('GZip', gzipSync), 'good'),
  },
  {
    id: 'deflate-then-file',
    says: 'deflate of the good file, then the evil one',
    plays: onFile(followed('deflate', deflateSync), 'good'),
  },
  {
    id: 'raw-deflate-then-file',
    says: 'deflate without its zlib frame, then the evil file',
    plays: onFile(followed('deflate', deflateRawSync), 'good'),
  },
  {
    id: 'br-then-file',
    says: 'Brotli of the good file, then the evil one',
    plays: onFile(followed('br', brotliCompressSync), 'good'),
  },
  {
    id: 'zstd-then-file',
    says: 'zstd of the good file, then the evil one',
    plays: onFile(followed('zstd', zstdFrame), 'good'),
  },
  {
    id: 'gzip-twice-then-file',
    says: '“gzip, gzip” of the good file, then the evil one',
    plays: onFile(followed('gzip, gzip', twice), 'good'),
  },
  {
    id: 'gzip-identity-then-file',
    says: '“gzip, identity” of the good file, then the evil one',
    plays: onFile(followed('gzip, identity', gzipSync), 'good'),
  },
  {
    id: 'two-codings-lines',
    says: 'Content-Encoding twice: gzip, identity',
    plays: onFile(followed('gzip\nidentity', gzipSync), 'good'),
  },
  {
    id: 'unknown-coding',
    says: 'the evil file under a coding that nobody knows',
    plays: onFile(encoded('evil', 'exi', (content) => content)),
  },
  {
    id: 'coding-not-undone',
    says: 'the evil file, said to be gzip, which it is not',
    plays: onFile(encoded('evil', 'br', (content) => content)),
  },
  {
    id: 'gzip-of-good',
    says: 'the good file, truly encoded by gzip',
    plays: onFile(encoded('good', 'gzip', gzipSync), 'good'),
    inCi: ['npm'],
  },
  {
    id: 'gzip-of-evil',
    says: 'the evil file, truly encoded by gzip',
    plays: onFile(encoded('evil', 'gzip', gzipSync), 'evil'),
  },
];

/** What follows an encoded body, and spellings of codings that readers take differently. */
export const codingTricks: readonly Trick[] = tricks.map((trick) => ({ ...trick, kind: 'coding' }));
