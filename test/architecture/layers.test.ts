import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorkspace } from '../helpers/origin/workspace.ts';

type Files = Readonly<Record<string, string>>;

/** A product in small that keeps every rule. */
const healthy: Files = {
  'bin/tool.js': "import '../src/cli/main.ts';",
  'reports/json.ts':
    "import type { Run } from '../src/model/run.ts'; import '../src/support/text.ts'; export type R = Run;",
  'src/audit/audit.ts':
    "import '../child/run.ts'; import '../environment/recipes.ts'; import '../proxy/engine.ts'; import '../support/text.ts';",
  'src/child/run.ts':
    "import 'node:child_process'; import 'execa'; import type { Run } from '../model/run.ts'; export type R = Run;",
  'src/cli/main.ts': "import '../audit/audit.ts'; import '../../reports/json.ts';",
  'src/environment/recipes.ts': "import 'node:path';",
  'src/environment/node-preload/preload.ts': "import 'node:net';",
  'src/certificates/load.ts': "import '../support/read-bounded.ts';",
  'src/model/run.ts': 'export interface Run { readonly id: string }',
  'src/lockfiles/load.ts': "import '../support/read-bounded.ts';",
  'src/proxy/engine.ts': "import 'mockttp'; import 'node:net';",
  'src/support/read-bounded.ts': "import 'node:fs';",
  'src/support/text.ts': "import 'node:util'; export {};",
  'node_modules/execa/package.json': '{ "name": "execa", "version": "1.0.0", "main": "index.js" }',
  'node_modules/execa/index.js': '',
  'node_modules/mockttp/package.json': '{ "name": "mockttp", "version": "1.0.0", "main": "index.js" }',
  'node_modules/mockttp/index.js': '',
  'package.json':
    '{ "type": "module", "devDependencies": { "execa": "1.0.0", "mockttp": "1.0.0", "typescript": "5" } }',
};

/** For each rule, changes to the healthy product of which each breaks that rule and no other. */
const broken: Readonly<Record<string, readonly Files[]>> = {
  'no-circular': [{ 'src/child/run.ts': "import './a.ts';", 'src/child/a.ts': "import './run.ts';" }],
  'model-imports-nothing': [
    { 'src/model/run.ts': "import '../support/text.ts'; export interface Run { readonly id: string }" },
  ],
  'support-imports-nothing': [
    { 'src/support/text.ts': "import type { Run } from '../model/run.ts'; export type R = Run;" },
  ],
  'stations-do-not-meet': [
    { 'src/child/run.ts': "import '../environment/recipes.ts';" },
    { 'src/child/run.ts': "import type { R } from '../environment/recipes.ts'; export type S = R;" },
    { 'src/child/run.ts': "export const load = () => import('../proxy/engine.ts');" },
    { 'src/brand-new/station.ts': "import '../proxy/engine.ts';" },
    { 'src/child/run.ts': "import '../../reports/json.ts';" },
  ],
  'audit-is-below-cli': [
    { 'src/audit/audit.ts': "import '../../reports/json.ts'; import '../support/text.ts';" },
  ],
  'reports-read-the-run-only': [
    { 'reports/json.ts': "import '../src/proxy/engine.ts'; import '../src/support/text.ts';" },
  ],
  'shells-through-audit': [
    { 'src/cli/main.ts': "import '../proxy/engine.ts'; import '../../reports/json.ts';" },
    { 'src/library/index.ts': "import '../proxy/engine.ts';" },
    { 'src/library/index.ts': "import '../cli/main.ts';" },
  ],
  'only-proxy-uses-mockttp': [{ 'src/child/run.ts': "import 'mockttp';" }],
  'proxy-carries-below-its-front': [
    { 'src/proxy/wire/pair.ts': "import '../front/front.ts';", 'src/proxy/front/front.ts': 'export {};' },
  ],
  'proxy-records-below-what-carries': [
    { 'src/proxy/exchange/record.ts': "import '../wire/pair.ts';", 'src/proxy/wire/pair.ts': 'export {};' },
  ],
  'proxy-dials-below-all': [
    { 'src/proxy/upstream/dial.ts': "import '../exchange/a.ts';", 'src/proxy/exchange/a.ts': 'export {};' },
  ],
  'only-child-spawns': [
    { 'src/proxy/engine.ts': "import 'node:child_process';" },
    { 'src/proxy/engine.ts': "import 'execa';" },
  ],
  'pure-folders-do-no-io': [
    { 'src/environment/recipes.ts': "import 'node:fs';" },
    { 'src/redaction/redact.ts': "import 'node:net';" },
    { 'reports/json.ts': "import 'node:fs/promises'; import '../src/support/text.ts';" },
  ],
  'pure-folders-touch-no-file': [
    { 'src/environment/recipes.ts': "import '../support/read-bounded.ts';" },
    { 'reports/json.ts': "import '../src/support/read-bounded.ts'; import '../src/support/text.ts';" },
  ],
  'no-test-code-in-product': [
    { 'src/proxy/engine.ts': "import '../../test/origin.ts';", 'test/origin.ts': '' },
  ],
  'support-is-shared': [
    { 'src/support/lonely.ts': '', 'src/proxy/engine.ts': "import '../support/lonely.ts';" },
  ],
};

const workspace = createWorkspace('layers');
let options: ICruiseOptions;
beforeAll(async () => {
  options = await extractOptions('./test/architecture/layers.mjs');
});
afterAll(() => {
  workspace.remove();
});

async function findViolations(baseDir: string): Promise<string[]> {
  const { output } = await cruise(['bin', 'src', 'reports'], { ...options, validate: true, baseDir });
  const { violations, totalCruised } = (output as ICruiseResult).summary;
  expect(totalCruised).toBeGreaterThan(10);
  return violations.map(({ rule }) => rule.name);
}

let count = 0;
function write(files: Files): string {
  const directory = join(workspace.directory, String((count += 1)));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

it('a product that keeps the layers passes', async () => {
  expect(await findViolations(write(healthy))).toEqual([]);
});

it('every rule has a case below', () => {
  const { forbidden = [] } = options.ruleSet as IFlattenedRuleSet;
  expect(forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(broken).sort());
});

it.each(Object.entries(broken))('%s fires, and alone', async (rule, cases) => {
  for (const changes of cases) {
    expect(new Set(await findViolations(write({ ...healthy, ...changes }))), JSON.stringify(changes)).toEqual(
      new Set([rule]),
    );
  }
});

it('this product keeps them', async () => {
  expect(await findViolations(process.cwd())).toEqual([]);
});
