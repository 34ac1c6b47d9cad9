import { defineConfig } from 'vitest/config';

const shared = { pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 120_000, root: '.' };
/** For tests of the built product. */
const built = { globalSetup: ['test/helpers/build-once.ts'] };

/** `npm test` runs all projects but `long`; `npm run test:long` runs only that one. */
export default defineConfig({
  test: {
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', 'json'],
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
