import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { missingCommand } from '../helpers/registries/commands.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('untrusted-configuration');
const project = () => join(scene().user.directory, 'project');
const inProject = (name: string) => join(project(), name);
const PACKAGE = '{ "name": "shop" }\n';

beforeAll(() => {
  mkdirSync(project());
  writeFileSync(inProject('package.json'), PACKAGE);
});

async function run(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const { user } = scene();
  const env = { ...user.env, ...variables };
  const { code, stdout, stderr } = await user.proxaudit(args, { cwd: project(), env });
  return { code, stdout: stdout.toString(), stderr };
}

describe('a report of a repository’s own proxaudit.yaml', () => {
  it('overwrites no package.json: nothing is run', async () => {
    writeFileSync(inProject('proxaudit.yaml'), 'report: [json=package.json]\n');
    const refused = await run(['--', 'echo', 'ran']);
    expect([refused.code, refused.stdout]).toEqual([125, '']);
    expect(refused.stderr).toBe(
      'proxaudit: proxaudit.yaml: report json=package.json is refused: the file that is there is no report of proxaudit, and is not replaced\n' +
        '  Name another file there, or ask for it yourself, which replaces it: --report json=package.json\n',
    );
    expect((await run(['-q', '--report=json=own.json', '--', 'echo', 'ran'])).stdout).toBe('ran\n');
    expect(readFileSync(inProject('package.json'), 'utf8')).toBe(PACKAGE);
  });

  it('is written again over the last one, and over nothing that the command puts there', async () => {
    writeFileSync(inProject('proxaudit.yaml'), 'report: [json=audit.json]\n');
    expect((await run(['-q', '--', 'true'])).code).toBe(0);
    expect((await run(['-q', '--', 'true', 'again'])).code).toBe(0);
    expect(readFileSync(inProject('audit.json'), 'utf8')).toContain('"again"');
    const swapped = await run(['-q', '-c', 'ln -sf package.json audit.json']);
    expect([swapped.code, swapped.stderr]).toEqual([
      125,
      expect.stringContaining('the report audit.json cannot be written: a symbolic link is there'),
    ]);
    expect(readFileSync(inProject('package.json'), 'utf8')).toBe(PACKAGE);
  });
});

describe.skipIf(missingCommand('git') !== undefined)('its waivers (needs git)', () => {
  const git = (...args: string[]): string => {
    const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@mail.example'];
    const { env } = scene().user;
    const { stdout } = spawnSync('git', [...identity, ...args], { cwd: project(), env, encoding: 'utf8' });
    return stdout.trim();
  };
  const waiver = (subject: string) =>
    `  - finding: upload\n    subject: "${subject}"\n    reason: as agreed\n`;

  it('are shown as new where the base commit has none, in every report, live and made again', async () => {
    const old = `waivers:\n${waiver('known.example')}`;
    writeFileSync(inProject('proxaudit.yaml'), old);
    git('init', '-q', '-b', 'trunk');
    git('add', 'proxaudit.yaml');
    git('commit', '-q', '-m', 'base');
    const base = git('rev-parse', 'HEAD');
    writeFileSync(inProject('proxaudit.yaml'), old + waiver('*'));
    git('commit', '-q', '-a', '-m', 'change');

    const formats = ['json', 'markdown', 'sarif'];
    const reports = formats.map((format) => `--report=${format}=new.${format}`);
    const fetch = ['curl', '-sS', '-o', 'x', '-d', 'x'.repeat(5_000), 'http://origin.test/random/10/x'];
    const own = [...scene().options, '-o', 'run.jsonl', ...reports, '--fail-on', 'upload'];
    const variables = { CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
    const { code, stderr } = await run([...own, '--', ...fetch], variables);
    expect(code, stderr).toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      `Waivers ! upload *: as agreed; accepts 1 finding; new: the base commit ${base.slice(0, 7)} ` +
        '(CI_MERGE_REQUEST_DIFF_BASE_SHA) does not have it; it accepts this finding whatever it is about',
    );
    const { waivers = [], findings } = JSON.parse(readFileSync(inProject('new.json'), 'utf8')) as Run;
    expect(waivers.map(({ subject, isNew, findings: count }) => [subject, isNew, count])).toEqual([
      ['known.example', false, 0],
      ['*', true, 1],
    ]);
    expect(findings.find(({ rule }) => rule === 'upload')?.waiver).toMatchObject({ isNew: true });
    expect(readFileSync(inProject('new.markdown'), 'utf8')).toContain('#### Waivers\n\n- upload');
    expect(readFileSync(inProject('new.sarif'), 'utf8')).toContain('"status": "underReview"');

    for (const format of formats) {
      const again = await run(['report', '--report', format, 'run.jsonl']);
      expect(again.stdout).toBe(readFileSync(inProject(`new.${format}`), 'utf8'));
    }
  });

  it('are not known to be new where the base commit is not in the clone, and nothing is new against HEAD', async () => {
    const missing = await run(['--', 'true'], { CI_MERGE_REQUEST_DIFF_BASE_SHA: 'f'.repeat(40) });
    expect(missing.stderr.replace(/\s+/g, ' ')).toContain('whether it is new is not known: the commit that');
    const committed = await run(['--', 'true']);
    expect(committed.stderr).not.toContain('Waivers');
  });
});
