import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bundleProgram } from './bundle.ts';

/** Bundles the driver of src/child for the tests of this file; returns how to get `node DRIVER` as a command. */
export function useChildDriver(): () => string[] {
  let file = '';
  beforeAll(async () => {
    file = await bundleProgram('test/fixtures/programs/child-driver.ts');
  });
  afterAll(async () => {
    await rm(path.dirname(file), { recursive: true });
  });
  return () => [process.execPath, file];
}
