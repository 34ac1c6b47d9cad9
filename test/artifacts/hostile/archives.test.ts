import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { createZip } from '../../helpers/registries/archives/zip.ts';
import { base, judge, lock, type Case } from './mirror.ts';

const root = 'forge.example/mod@v1.0.0';
const files = (mark: string) => ({
  [`${root}/a.go`]: `package ${mark}\n`,
  [`${root}/go.mod`]: 'module forge.example/mod\n',
});
const [good, evil] = [createZip(files('good')), createZip(files('evil'))];
const sum = createHash('sha256');
for (const [name, content] of Object.entries(files('good')))
  sum.update(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
const locks = [
  lock('golang', { 'forge.example/mod@v1.0.0': { algorithm: 'h1', value: sum.digest('base64') } }),
];

/** The good files, and 65,536 more, which the field that counts them has no room for. */
function createOverflowing(): Buffer {
  const more = Array.from({ length: 65_536 }, (_, index) => [`${root}/f${index}`, '']);
  return createZip({ ...files('good'), ...(Object.fromEntries(more) as Record<string, string>) });
}

/** The evil zip, with a record of the larger format before its end that leads to the directory of the good one. */
function createWithTwoDirectories(): Buffer {
  const end = evil.subarray(evil.length - 22);
  const before = Buffer.concat([good.subarray(0, good.length - 22), evil.subarray(0, evil.length - 22)]);
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(2n, 24);
  record.writeBigUInt64LE(2n, 32);
  record.writeBigUInt64LE(BigInt(good.readUInt32LE(good.length - 10)), 40);
  record.writeBigUInt64LE(BigInt(good.readUInt32LE(good.length - 6)), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(before.length), 64);
  record.writeUInt32LE(1, 72);
  return Buffer.concat([before, record, end]);
}

/** A zip whose files have second names, as Info-ZIP writes them: by these it is the good one. */
function createWithSecondNames(): Buffer {
  const [first, second] = Object.entries(files('good')) as [[string, string], [string, string]];
  const swapped = createZip({ [second[0]]: first[1], [`${root}/a.go`]: second[1] });
  const at = swapped.readUInt32LE(swapped.length - 6);
  const names = [
    [second[0], first[0]],
    [first[0], second[0]],
  ] as const;
  const entries: Buffer[] = [];
  let place = at;
  for (const [name, shown] of names) {
    const entry = Buffer.from(swapped.subarray(place, place + 46 + name.length));
    place += entry.length;
    const extra = Buffer.alloc(9 + shown.length);
    extra.writeUInt16LE(0x7075, 0);
    extra.writeUInt16LE(5 + shown.length, 2);
    extra.writeUInt8(1, 4);
    extra.writeUInt32LE(crc32(name), 5);
    extra.write(shown, 9);
    entry.writeUInt16LE(extra.length, 30);
    entries.push(entry, extra);
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.from(swapped.subarray(swapped.length - 22));
  end.writeUInt32LE(directory.length, 12);
  return Buffer.concat([swapped.subarray(0, at), directory, end]);
}

const unread = [{ verdict: 'not-comparable' as const, reason: 'unread' as const }];
const served = (body: Buffer) => [{ url: `${base}/forge.example/mod/@v/v1.0.0.zip`, body }];
const cases: readonly (Omit<Case, 'answers' | 'locks'> & { readonly zip: () => Buffer })[] = [
  { trick: 'the good zip', takes: 'it', zip: () => good, says: [{ verdict: 'locked' }] },
  {
    trick: 'bytes behind a zip',
    takes: 'the zip',
    zip: () => Buffer.concat([evil, Buffer.from('more')]),
    says: [{ verdict: 'mismatch' }],
  },
  {
    trick: 'bytes behind the good zip',
    takes: 'the zip',
    zip: () => Buffer.concat([good, Buffer.from('more')]),
    says: [{ verdict: 'locked' }],
  },
  {
    trick: 'bytes before a zip',
    takes: 'the zip',
    zip: () => Buffer.concat([Buffer.from('#!/bin/sh\n'), evil]),
    says: [{ verdict: 'mismatch' }],
  },
  {
    trick: 'bytes before the good zip',
    takes: 'the zip',
    zip: () => Buffer.concat([Buffer.from('#!/bin/sh\n'), good]),
    says: [{ verdict: 'locked' }],
  },
  {
    trick: 'a page before a zip',
    takes: 'the zip',
    zip: () => Buffer.concat([Buffer.from('<html></html>'), evil]),
    says: [{ verdict: 'mismatch' }],
  },
  {
    trick: 'two zips, of which the second has places that fit the first',
    takes: 'either',
    zip: () => Buffer.concat([good, evil]),
    says: unread,
  },
  {
    trick: 'more files than the end of the directory says',
    takes: 'all of them',
    zip: createOverflowing,
    says: unread,
  },
  {
    trick: 'a directory of the larger format that is not the other one',
    takes: 'either',
    zip: createWithTwoDirectories,
    says: unread,
  },
  {
    trick: 'second names beside those of the files',
    takes: 'the first ones',
    zip: createWithSecondNames,
    says: [{ verdict: 'mismatch' }],
  },
];

it.each(cases)('Go: $trick: a client takes $takes', async ({ zip, ...one }) => {
  expect(await judge({ ...one, locks, answers: served(zip()) })).toMatchObject(one.says);
});
