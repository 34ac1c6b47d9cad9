import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { bundleProgram } from '../helpers/bundle.ts';
import { ptyScenarios, sessionScenarios } from '../helpers/pty-scenarios.ts';

let driver: string;

beforeAll(async () => {
  driver = await bundleProgram('test/fixtures/programs/child-driver.ts');
});

afterAll(async () => {
  await rm(path.dirname(driver), { recursive: true });
});

describe('the scenarios themselves hold for a bare command', () => {
  for (const { title, check } of ptyScenarios) it(title, () => check([]));
});

describe('a command in a terminal', () => {
  for (const { title, check } of ptyScenarios) it(title, () => check([process.execPath, driver]));
});

describe('a session in a terminal', () => {
  for (const { title, check } of sessionScenarios) it(title, () => check([process.execPath, driver]));
});
