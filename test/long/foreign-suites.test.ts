import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { executable, readJournal } from '../helpers/audit-run.ts';
import { foreignSuites } from '../helpers/foreign-suites/suites.ts';
import {
  findNewFailures,
  readSuiteResult,
  type ForeignSuite,
  type SuiteResult,
} from '../helpers/foreign-suites/suite.ts';
import { unpackSource } from '../helpers/foreign-suites/unpack-source.ts';
import { createWorkspace, type Workspace } from '../helpers/origin/workspace.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { hermeticEnvironment } from '../helpers/registries/client-environment.ts';
import { skipReason } from '../helpers/tools/cached-tool.ts';
import { installTool, programOf } from '../helpers/tools/install-tool.ts';

/** Tests wait for addresses that never answer, and some machines have such addresses refused and others not. */
const LIMIT_MS = 900_000;

for (const suite of foreignSuites) {
  const { tool, excused, leastExchanges } = suite;
  const tools = await installTool(tool);
  const source = await unpackSource(tool.name, tool.version);
  const missing = tools.reason === undefined ? source : tools;
  describe.skipIf(missing.reason !== undefined)(`the tests of ${tool.name}${skipReason(missing)}`, () => {
    it('fail where they fail without proxaudit, but for those with a reason', async () => {
      const workspace = createWorkspace(`foreign-suite-${tool.name}`);
      const cwd = 'directory' in source ? source.directory : '';
      const journal = join(workspace.directory, 'journal.jsonl');
      const direct = await runSuite(suite, [], { workspace, cwd });
      const options = ['-q', '-o', journal, '--include-local', '--no-lockfiles', '--'];
      const audited = await runSuite(suite, [process.execPath, executable, ...options], { workspace, cwd });
      const recorded = readJournal(journal).exchanges.length;
      workspace.remove();
      const excuses = excused.map(({ reason, tests }) => ({
        reason,
        failed: audited.failed.filter((id) => tests.some((pattern) => pattern.test(id))).length,
      }));
      const { passed, total, failed } = direct;
      console.log(
        JSON.stringify({
          ...{ suite: tool.name, total, recorded, excuses },
          direct: { passed, failed: failed.length },
          audited: { passed: audited.passed, failed: audited.failed.length },
        }),
      );
      expect(findNewFailures(suite, direct, audited)).toEqual([]);
      expect(audited.total, 'as many tests were run').toBe(total);
      expect(direct.passed, 'the tests work here').toBeGreaterThan(total / 2);
      expect(recorded, 'exchanges that were recorded').toBeGreaterThanOrEqual(leastExchanges);
    });
  });
}

async function runSuite(
  suite: ForeignSuite,
  prefix: readonly string[],
  { workspace, cwd }: { readonly workspace: Workspace; readonly cwd: string },
): Promise<SuiteResult> {
  const { tool, tests, options = [] } = suite;
  const pytest = [
    programOf(tool, 'python'),
    '-m',
    'pytest',
    '-q',
    '-rfE',
    '--tb=no',
    '-p',
    'no:cacheprovider',
  ];
  const argv = [...prefix, ...pytest, '--timeout=60', ...options, ...tests];
  const env = hermeticEnvironment(workspace.directory, { PYTHONDONTWRITEBYTECODE: '1', COLUMNS: '300' });
  const { stdout, stderr } = await runCommand(argv, { cwd, env, timeoutMs: LIMIT_MS });
  try {
    return readSuiteResult(stdout.toString());
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${stderr.slice(-2000)}`, { cause: error });
  }
}
