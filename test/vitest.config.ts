import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

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

/** Files of half a minute and more. They go first: one that began last would keep one worker busy and the other idle. */
const longest =
  /\/integration\/(?:ground-truth-artifacts|hermetic-clients|real-clients|secrets|(?:javascript|language|python|system)-tools)\.test\.ts$/;
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): number => (longest.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).sort((a, b) => isLong(a) - isLong(b));
  }
}

/** `npm test` runs all projects but `long`; `npm run test:long` runs only that one. */
export default defineConfig({
  test: {
    reporters: isCi ? ['default', 'json'] : ['default'],
    outputFile: { json: '.vitest-results/results.json' },
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
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
