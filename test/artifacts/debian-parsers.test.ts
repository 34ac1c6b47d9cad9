import { describe, expect, it } from 'vitest';
import { readAr } from '../../src/artifacts/debian/ar.ts';
import { readControl } from '../../src/artifacts/debian/control.ts';
import { readRelease } from '../../src/artifacts/debian/release.ts';
import { StanzaReader, type Stanza } from '../../src/artifacts/debian/stanzas.ts';
import { randomBody } from '../helpers/origin/random.ts';
import { createAr } from '../helpers/registries/archives/ar.ts';
import { createTarGz } from '../helpers/registries/archives/tar.ts';

const text =
  'Package: a\nSkipped: x\n more\nVersion: 1\n\n\nPackage: b\r\nFiles:\n one\n two\n\nVERSION: 2\nVersions: 3';
const expected = [{ package: 'a', version: '1' }, { package: 'b', files: '\n one\n two' }, { version: '2' }];

function readAll(pieces: readonly Buffer[]): Stanza[] {
  const stanzas: Stanza[] = [];
  const fields = new Set(['package', 'version', 'files']);
  const reader = new StanzaReader({ fields, tell: (stanza) => stanzas.push(stanza) });
  for (const piece of pieces) reader.write(piece);
  reader.end();
  return stanzas;
}

/** Copies of `bytes` with some changed, the same ones in every run. */
function* spoil(bytes: Buffer, count: number): Generator<Buffer> {
  const random = randomBody(count * 8, 'spoil');
  for (let index = 0; index < count; index += 1) {
    const copy = Buffer.from(bytes);
    for (let change = 0; change < 2; change += 1) {
      const at = random.readUInt16LE(index * 8 + change * 4) % copy.length;
      copy[at] = random[index * 8 + change * 4 + 2] ?? 0;
    }
    yield index % 3 === 0 ? copy.subarray(0, random.readUInt16LE(index * 8) % copy.length) : copy;
  }
}

describe('control data', () => {
  it('is the same wherever it is cut', () => {
    const bytes = Buffer.from(text);
    for (let size = 1; size <= bytes.length; size += 1) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      expect(readAll(pieces).map((stanza) => Object.fromEntries(stanza))).toEqual(expected);
    }
  });

  it('with a line without end is not kept', () => {
    const long = Buffer.alloc(50_000, 'x');
    const pieces = [Buffer.from('Package: a\nVersion: '), long, long, long, Buffer.from('\nFiles: z\n')];
    expect(readAll(pieces).map((stanza) => Object.fromEntries(stanza))).toEqual([
      { package: 'a', files: 'z' },
    ]);
  });
});

it('no byte of a package makes reading it fail', async () => {
  const control = 'Package: a\nVersion: 1\nArchitecture: all\n';
  const deb = createAr({ 'debian-binary': '2.0\n', 'control.tar.gz': createTarGz({ './control': control }) });
  expect(await readControl(deb)).toEqual({ name: 'a', version: '1', architecture: 'all' });
  for (const spoiled of spoil(deb, 500)) {
    for (const { content } of readAr(spoiled)) expect(content.length).toBeLessThanOrEqual(spoiled.length);
    const read = await readControl(spoiled);
    // gzip has a checksum, but what was decoded before it fails is used.
    expect(read === undefined || typeof read.version === 'string').toBe(true);
  }
});

it('no byte of a Release makes reading it fail, and every digest that is read has its form', () => {
  const digest = '0123456789abcdef'.repeat(4);
  const release = Buffer.from(
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nOrigin: A\nSHA256:\n ${digest} 1 main/Packages.xz\n ${digest} 2 x/Contents\n-----BEGIN PGP SIGNATURE-----\nOrigin: B\n`,
  );
  expect(readRelease(release.toString())).toEqual({
    ...{ origin: 'A', distribution: undefined },
    indices: new Map([['main/Packages.xz', digest]]),
  });
  for (const spoiled of spoil(release, 2000)) {
    for (const value of readRelease(spoiled.toString('latin1'))?.indices.values() ?? [])
      expect(value).toMatch(/^[0-9a-f]{64}$/);
  }
});
