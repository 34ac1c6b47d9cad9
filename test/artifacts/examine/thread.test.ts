import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Examiner } from '../../../src/artifacts/examine/examiner.ts';
import { createThreadStart } from '../../../src/artifacts/examine/start-thread.ts';
import type { StartThread } from '../../../src/artifacts/examine/worker-lane.ts';
import { bundleProgram } from '../../helpers/bundle.ts';
import { createDensePackument, createNestedJson, createPackument } from '../../helpers/hostile/bodies.ts';

let directory: string;
let bundle: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'proxaudit-thread-'));
  bundle = await bundleProgram('src/artifacts/examine/thread.ts');
});
afterAll(() => {
  rmSync(directory, { recursive: true });
  rmSync(join(bundle, '..'), { recursive: true });
});

async function examine(start: StartThread, body: Buffer): Promise<{ rows: unknown[]; result: unknown }> {
  const file = join(directory, 'body');
  writeFileSync(file, body);
  const examiner = new Examiner(start);
  const rows: unknown[] = [];
  const take = (some: readonly unknown[]): void => void rows.push(...some);
  const result = await examiner.examine('document', { file, format: 'npm-packument' }, take);
  examiner.close();
  return { rows, result };
}

describe('a document that is read in a worker thread', () => {
  it('says all that it says of its versions', async () => {
    const { rows, result } = await examine(createThreadStart(bundle), createPackument(2_000_000, 600));
    expect(result).toBe('large');
    expect(rows).toHaveLength(601);
    expect(rows.at(-1)).toMatchObject({ version: '1.0.599', tarball: 'http://127.0.0.1/opaque/599' });
  });

  it('needs no memory for what is nested in it', async () => {
    const small = (): Worker => new Worker(bundle, { resourceLimits: { maxOldGenerationSizeMb: 16 } });
    expect((await examine(small, createNestedJson(8_000_000))).result).toBeUndefined();
  });

  it('is not examined where that takes too much memory, and the process goes on', async () => {
    const small = (): Worker => new Worker(bundle, { resourceLimits: { maxOldGenerationSizeMb: 8 } });
    const { result } = await examine(small, createDensePackument(100_000));
    expect(result).toEqual({ notExamined: 'reading it takes too much memory' });
  });
});
