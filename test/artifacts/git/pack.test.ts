import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDelta } from '../../../src/artifacts/git/delta.ts';
import { findObjects } from '../../../src/artifacts/git/pack-objects.ts';
import { PassingPack, type SoundPack } from '../../../src/artifacts/git/passing-pack.ts';
import { createWorkspace } from '../../helpers/origin/workspace.ts';
import { createRandom } from '../../helpers/random.ts';
import { createRepository, type SourceRepository } from '../../helpers/registries/git/repositories.ts';

const workspace = createWorkspace('git-pack');
afterAll(() => {
  workspace.remove();
});

function pass(pack: Buffer, format: 'sha1' | 'sha256', pieceSize = 1000): SoundPack | undefined {
  const passing = new PassingPack(format);
  for (let at = 0; at < pack.length; at += pieceSize) passing.write(pack.subarray(at, at + pieceSize));
  return passing.finish();
}

describe.each(['sha1', 'sha256'] as const)('a pack of %s', (format) => {
  let repository: SourceRepository;
  let pack: Buffer;
  let objects: Map<string, string>;

  beforeAll(() => {
    repository = createRepository(workspace.directory, format, { format });
    const directory = join(workspace.directory, `${format}-work`);
    // Long messages of much the same text, so that commits become deltas of each other.
    const text = Array.from({ length: 60 }, (_, line) => `This is line ${line} of what was done.`).join('\n');
    for (let index = 0; index < 40; index += 1) {
      writeFileSync(join(directory, `${index}.txt`), text.repeat(index));
      appendFileSync(join(directory, 'all.txt'), text);
      repository.commit(`${text}\n${index}`);
    }
    repository.git('tag', '-a', '-m', 'A tag', 'tag');
    const all = repository.git('cat-file', '--batch-all-objects', '--batch-check');
    objects = new Map(all.split('\n').map((line) => line.split(' ').slice(0, 2) as [string, string]));
    const input = [...objects.keys()].join('\n');
    const options = ['pack-objects', '--stdout', '-q', '--delta-base-offset', '--window=50', '--depth=50'];
    pack = spawnSync('git', options, { cwd: directory, input, maxBuffer: 1 << 28 }).stdout;
  });

  it('shows every object that is looked for, by its type, deltas among them', () => {
    const sound = pass(pack, format);
    expect(sound?.objects).toBe(objects.size);
    if (sound === undefined) return;
    const found = findObjects({ ...sound, wanted: new Set(objects.keys()), format });
    expect(new Map([...found].map(([id, { type }]) => [id, type]))).toEqual(objects);
    for (const size of [1, 7, 20, 33]) expect(pass(pack, format, size)).toEqual(sound);
  });

  it('that is cut or changed is none', () => {
    const random = createRandom(5);
    for (let turn = 0; turn < 60; turn += 1) {
      const changed = Buffer.from(pack);
      const at = Math.floor(random() * changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      expect(pass(changed, format)).toBeUndefined();
      expect(pass(pack.subarray(0, at), format)).toBeUndefined();
    }
    expect(pass(Buffer.concat([pack, Buffer.from('0')]), format)).toBeUndefined();
    expect(pass(pack, format === 'sha1' ? 'sha256' : 'sha1')).toBeUndefined();
  });

  it('is not kept: only its beginning is, however large it is', () => {
    const passing = new PassingPack(format);
    const piece = Buffer.alloc(1 << 20, 7);
    passing.write(pack.subarray(0, 12));
    for (let times = 0; times < 40; times += 1) passing.write(piece);
    expect(passing.finish()).toBeUndefined();
    const hash = createHash(format).update(pack.subarray(0, 12));
    const whole = new PassingPack(format);
    whole.write(pack.subarray(0, 12));
    for (let times = 0; times < 40; times += 1) {
      whole.write(piece);
      hash.update(piece);
    }
    whole.write(hash.digest());
    expect(whole.finish()?.head.length).toBeLessThanOrEqual(piece.length);
  });

  it('of hostile contents shows at most what has the right id', () => {
    const { head } = pass(pack, format) ?? { head: Buffer.alloc(0) };
    const wanted = new Set(objects.keys());
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = createRandom(seed);
      const changed = Buffer.from(head);
      for (let times = 0; times < 5; times += 1) {
        changed[Math.floor(random() * Math.min(3000, changed.length))] = Math.floor(random() * 256);
      }
      const found = findObjects({ head: changed, objects: 1 << 30, wanted, format });
      for (const [id, { type }] of found) expect(type).toBe(objects.get(id));
    }
  });
});

describe('a delta', () => {
  it('of random bytes never throws, and is never larger than it may be', () => {
    const base = Buffer.from('the base of all');
    for (let seed = 1; seed <= 2000; seed += 1) {
      const random = createRandom(seed);
      const delta = Buffer.from(Array.from({ length: 12 }, () => Math.floor(random() * 256)));
      delta[0] = base.length;
      expect(applyDelta(base, delta, 100)?.length ?? 0).toBeLessThanOrEqual(100);
    }
  });
});
