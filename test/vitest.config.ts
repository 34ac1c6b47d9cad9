import { defineConfig } from 'vitest/config';

const isCi = process.env['CI'] !== undefined;
const shared = {
  pool: 'forks' as const,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  root: '.',
  // `test/setup/verify.mjs` names what passed only when it was tried again, and fails: a second attempt mends nothing.
  retry: isCi ? 1 : 0,
  expect: { poll: { timeout: 10_000, interval: 20 } },
};
/** For tests of the built product. */
const built = { globalSetup: ['test/helpers/build-once.ts'] };

/** `npm test` runs all projects but `long`; `npm run test:long` runs only that one. */
export default defineConfig({
  test: {
    reporters: isCi ? ['default', 'json'] : ['default'],
    outputFile: { json: '.vitest-results/results.json' },
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/long/**'],
        },
      },
      {
        test: {
          ...shared,
          ...built,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          ...shared,
          ...built,
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          testTimeout: 3_600_000,
        },
      },
    ],
  },
});
