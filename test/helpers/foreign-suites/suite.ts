import type { ToolPackage } from '../tools/install-tool.ts';

/** The tests that ship in the source distribution of a Python package, and what is known of them. */
export interface ForeignSuite {
  readonly tool: ToolPackage & { readonly from: 'pypi' };
  /** Files and folders of tests, from the root of the source distribution. */
  readonly tests: readonly string[];
  readonly options?: readonly string[];
  /** At least so many exchanges are recorded: fewer mean that the tests did not reach the proxy. */
  readonly leastExchanges: number;
  /** Tests that may fail under proxaudit though they pass without it. */
  readonly excused: readonly Excuse[];
}

export interface Excuse {
  readonly reason: string;
  /** Matched against the identifiers that pytest prints. */
  readonly tests: readonly RegExp[];
}

/** The tests that fail under proxaudit alone, and that no reason excuses. */
export function findNewFailures(suite: ForeignSuite, direct: SuiteResult, audited: SuiteResult): string[] {
  const known = new Set(direct.failed);
  const excused = suite.excused.flatMap(({ tests }) => tests);
  return audited.failed.filter((id) => !known.has(id) && !excused.some((pattern) => pattern.test(id)));
}

export interface SuiteResult {
  /** Identifiers of the tests that failed or could not be set up. */
  readonly failed: readonly string[];
  readonly passed: number;
  /** All tests that were run or skipped. */
  readonly total: number;
}

/** Reads what `pytest -q -rfE` prints. Throws where it was not run to its end. */
export function readSuiteResult(output: string): SuiteResult {
  const lines = output.trimEnd().split('\n');
  const failed = lines.flatMap((line) => /^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$/.exec(line)?.[1] ?? []);
  const summary = /(?:^|=+ )(\d+ \w+(?:, \d+ \w+)*) in [\d.]+s/.exec(lines.at(-1) ?? '')?.[1];
  if (summary === undefined) throw new Error(`The tests did not end:\n${lines.slice(-20).join('\n')}`);
  const counts = new Map(
    summary.split(', ').map((part) => {
      const [count = '', name = ''] = part.split(' ');
      return [name, Number(count)] as const;
    }),
  );
  const outcomes = ['passed', 'failed', 'skipped', 'xfailed', 'xpassed', 'error', 'errors'];
  const total = outcomes.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
  return { failed: [...new Set(failed)].sort(), passed: counts.get('passed') ?? 0, total };
}
