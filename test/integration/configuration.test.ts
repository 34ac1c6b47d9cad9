import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('configuration');
const own = () => join(scene().user.env['XDG_CONFIG_HOME'] ?? '', 'proxaudit', 'proxaudit.yaml');
const found = () => join(scene().user.directory, 'proxaudit.yaml');

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

afterEach(() => {
  for (const file of [own(), found()]) rmSync(file, { force: true });
});

describe('a variable that no option has', () => {
  const warned = async (variables: NodeJS.ProcessEnv, ...args: string[]) => {
    const { user } = scene();
    const { code, stdout, stderr } = await user.proxaudit(args, { env: { ...user.env, ...variables } });
    return [code, stdout.toString(), stderr];
  };

  it('is told of on one line, with the one that was probably meant, and never with its value', async () => {
    const variables = { PROXAUDIT_REPROT: 'json', PROXAUDIT_TOKEN: 's3cr3t' };
    const said =
      'proxaudit: warning: no option has the variables PROXAUDIT_REPROT (did you mean PROXAUDIT_REPORT?), PROXAUDIT_TOKEN\n';
    expect(await warned(variables, '-q', '--', 'echo', 'ran')).toEqual([0, 'ran\n', said]);
    expect(await warned(variables, 'runs', 'prune', '--dry-run')).toEqual([0, expect.any(String), said]);
    expect(await warned({ 'PROXAUDIT_A\n\u001b[2J': '1' }, '-q', '--', 'true')).toEqual([
      0,
      '',
      expect.stringMatching(/^proxaudit: warning: no option has the variable [^\n\u001b]+\n$/),
    ]);
    const many = Object.fromEntries('ABCDEFGH'.split('').map((letter) => [`PROXAUDIT_XXXX${letter}`, '1']));
    expect((await warned(many, '-q', '--', 'true'))[2]).toMatch(/XXXXE and 3 more\n$/);
  });

  it('is not told of where one has it, where proxaudit or its tests set it, where it is empty, or in the journal', async () => {
    const known = {
      PROXAUDIT_CLIENT_CERT_PASSPHRASE: 'x',
      PROXAUDIT_CONFIG: '/dev/null',
      PROXAUDIT_TEST_NODES: 'x',
      PROXAUDIT_REPROT: '',
    };
    const inner = ['node', join(process.cwd(), 'bin/proxaudit.js'), '-q', '--', 'true'];
    expect(await warned(known, '-q', '--', ...inner)).toEqual([0, '', '']);
    expect((await warned({ ...known, PROXAUDIT_PORT: '1' }, 'runs'))[2]).toBe('');
    const [code, , journal] = await warned({ PROXAUDIT_REPROT: '1' }, '-q', '-o', '-', '--', 'true');
    expect([code, journal]).toEqual([0, expect.stringMatching(/^\{"v":1,"seq":1,/)]);
  });
});

describe('a configuration file', () => {
  it('does what the flags do, and its digest tells', async () => {
    const { user, authority, options } = scene();
    const rules = options.filter((option) => option.startsWith('origin.test'));
    const command = ['--', 'curl', '-sS', 'https://origin.test/bytes?size=10'];
    const digest = () => user.lastJournal().of('run-started')[0]?.configDigest;

    expect((await user.proxaudit([...options, ...command])).code).toBe(0);
    const byFlags = digest();
    write(own(), `upstream-ca: ${authority.file}\nresolve: ${JSON.stringify(rules)}\nquiet: true\n`);
    const result = await user.proxaudit(command);
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(user.lastJournal().exchanges).toHaveLength(1);
    expect(digest()).toBe(byFlags);
    await user.proxaudit(['--drain', '1', ...command]);
    expect(digest()).not.toBe(byFlags);
  });

  it('that the command writes changes nothing in its run; nor does the command see a variable of ours', async () => {
    const { user } = scene();
    const line = 'echo "report: [json=late.json]" > proxaudit.yaml; env | grep -c "^PROXAUDIT_[^A]"';
    const variables = { PROXAUDIT_CONFIG: '', PROXAUDIT_SUMMARY: 'never', PROXAUDIT_VERBOSE: '1' };
    const result = await user.proxaudit(['-c', line], { env: { ...user.env, ...variables } });
    expect([result.stdout.toString(), result.stderr]).toEqual(['0\n', '']);
  });

  it('that is wrong keeps the command from being run, with 125 and its line', async () => {
    const { user } = scene();
    write(found(), '# ours\npassthrough: [a.example]\n');
    const result = await user.proxaudit(['--', 'echo', 'ran']);
    expect([result.code, result.stdout.toString()]).toEqual([125, '']);
    expect(result.stderr).toBe(
      'proxaudit: proxaudit.yaml:2: passthrough may not be set here: the command that is audited can write this file\n' +
        `  Give --passthrough or PROXAUDIT_PASSTHROUGH, or set it in ${own()} or a file that --config names.\n`,
    );
    expect((await user.proxaudit(['--config', '/dev/null', '--', 'true'])).code).toBe(0);
  });

  it('counts for proxaudit report as far as it has the option', async () => {
    const { user } = scene();
    await user.proxaudit(['--', 'true']);
    write(own(), 'report: json\nport: 1\n');
    const result = await user.proxaudit(['report']);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout.toString())).toMatchObject({ schemaVersion: 1 });
    write(own(), 'prot: 1\n');
    const wrong = await user.proxaudit(['report']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('(did you mean port?)')]);
  });
});
