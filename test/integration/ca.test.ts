import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../helpers/audit-run.ts';
import { runCommand, type CommandResult } from '../helpers/origin/run-command.ts';
import { missingCommand } from '../helpers/registries/commands.ts';
import { findLeaks } from '../helpers/secrets.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('ca');
const titled = (title: string, reason: string | undefined): string =>
  reason === undefined ? title : `${title} (${reason})`;

async function ca(...args: string[]): Promise<CommandResult> {
  return scene().user.proxaudit(['ca', ...args]);
}

async function make(name: string, ...options: string[]): Promise<{ certFile: string; keyFile: string }> {
  const directory = join(scene().directory, name);
  const { code, stderr } = await ca('create', '--out', directory, ...options);
  expect(code, stderr).toBe(0);
  return { certFile: join(directory, 'ca.pem'), keyFile: join(directory, 'ca-key.pem') };
}

async function tool(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { code, stdout, stderr } = await runCommand(argv, { env });
  expect(code, `${argv.join(' ')}: ${stdout.toString()}${stderr}`).toBe(0);
  return stdout.toString() + stderr;
}

const noOpenssl = missingCommand('openssl');
const noKeytool = missingCommand('keytool');

describe.each(['ec', 'rsa'])('ca create --key-type %s', (keyType) => {
  it.skipIf(noOpenssl !== undefined)(
    titled(
      'makes a CA that a run can use, that openssl understands, and that only its owner can sign with',
      noOpenssl,
    ),
    async () => {
      const name = `made-${keyType}`;
      const files = await make(name, '--key-type', keyType, '--name', 'My own CA', '--days', '30');
      const modes = [scene().directory + `/${name}`, files.keyFile].map(
        (file) => statSync(file).mode & 0o777,
      );
      expect(modes).toEqual([0o700, 0o600]);
      const text = await tool(['openssl', 'x509', '-in', files.certFile, '-noout', '-text']);
      expect(text).toMatch(/Subject: O ?= ?proxaudit, CN ?= ?My own CA/);
      expect(text).toContain('CA:TRUE');
      expect(text).toContain(keyType === 'ec' ? 'prime256v1' : '3072 bit');

      const journal = join(scene().directory, `${name}.jsonl`);
      const { options, user } = scene();
      const chosen = ['--ca-cert', files.certFile, '--ca-key', files.keyFile];
      const curl = ['curl', '-sSv', '-o', 'x', 'https://origin.test/random/10'];
      const run = await user.proxaudit(['-q', '-o', journal, ...chosen, ...options, '--', ...curl]);
      expect(run.code, run.stderr).toBe(0);
      expect(run.stderr).toContain('My own CA');
      expect(readJournal(journal).exchanges).toHaveLength(1);
    },
  );

  const noTool = noOpenssl ?? noKeytool;
  it.skipIf(noTool !== undefined)(titled('can be exported to what other tools read', noTool), async () => {
    const { certFile, keyFile } = await make(`exported-${keyType}`, '--key-type', keyType);
    const fingerprint = /SHA-256 +(\S+)/.exec((await ca('show', certFile)).stdout.toString())?.[1] ?? 'none';
    const at = (name: string): string => join(scene().directory, `exported-${keyType}`, name);
    const password = 'Pa55word-of-mine';
    scene().user.env['MY_PASSWORD'] = password;
    const outputs: CommandResult[] = [];
    const save = async (file: string, ...options: string[]): Promise<void> => {
      const result = await ca('export', '--out', at(file), ...options, certFile);
      expect(result.code, result.stderr).toBe(0);
      outputs.push(result);
    };
    const withPassword = ['--password-env', 'MY_PASSWORD'];
    await save('out.pem', '--format', 'pem');
    await save('out.der', '--format', 'der');
    await save('plain.p12', '--format', 'p12');
    await save('out.p12', '--format', 'p12', ...withPassword);
    await save('key.p12', '--format', 'p12', ...withPassword, '--ca-key', keyFile);
    await save('out.jks', '--format', 'jks', ...withPassword);

    const digest = ['openssl', 'x509', '-noout', '-fingerprint', '-sha256', '-in'];
    expect(await tool([...digest, at('out.pem')])).toContain(fingerprint);
    expect(await tool([...digest, at('out.der'), '-inform', 'der'])).toContain(fingerprint);
    const p12 = ['openssl', 'pkcs12', '-passin', `pass:${password}`, '-nodes', '-in'];
    expect(await tool([...p12, at('out.p12')])).toContain('friendlyName: proxaudit');
    const key = await tool([...p12, at('key.p12'), '-nocerts']);
    expect(/-----BEGIN[^]*-----\n/.exec(key)?.[0]).toBe(readFileSync(keyFile, 'utf8'));
    const wrong = await runCommand(['openssl', 'pkcs12', '-passin', 'pass:another', '-in', at('out.p12')]);
    expect(wrong.code).not.toBe(0);

    const keytool = ['keytool', '-list', '-keystore'];
    for (const file of ['out.p12', 'out.jks']) {
      const listed = await tool([...keytool, at(file), '-storepass', password]);
      expect(listed).toMatch(/^proxaudit, .*trustedCertEntry/m);
      expect(listed).toContain(fingerprint);
    }
    expect(await tool([...keytool, at('plain.p12'), '-storepass', 'changeit'])).toContain(fingerprint);
    expect(await tool([...keytool, at('key.p12'), '-storepass', password])).toContain('PrivateKeyEntry');
    const printed = outputs.map(({ stdout, stderr }) => stdout.toString() + stderr).join('');
    expect(findLeaks(printed, { password })).toEqual([]);
    expect(statSync(at('key.p12')).mode & 0o777).toBe(0o600);
  });
});

describe('ca show', () => {
  it('tells subject, fingerprint, validity, key and constraints', async () => {
    const { certFile } = await make('shown', '--name', 'Shown', '--days', '2');
    const { stdout } = await ca('show', certFile);
    const day = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z';
    const lines = [
      'subject  O=proxaudit, CN=Shown',
      'issuer   itself',
      'serial   [0-9A-F]{32}',
      'SHA-256  (?:[0-9A-F]{2}:){31}[0-9A-F]{2}',
      `from     ${day}`,
      `until    ${day} \\(valid\\)`,
      'key      EC prime256v1',
      'is       a CA; digitalSignature, keyCertSign, cRLSign',
    ];
    expect(stdout.toString()).toMatch(new RegExp(`^${lines.join('\\n')}\\n$`));
    const { user } = scene();
    const variable = await user.proxaudit(['ca', 'show'], {
      env: { ...user.env, PROXAUDIT_CA_CERT: certFile },
    });
    expect(variable.stdout.toString()).toBe(stdout.toString());
  });
});

describe('refuses', () => {
  it('to overwrite a CA, or to put its key where others can look', async () => {
    const { certFile, keyFile } = await make('kept');
    const before = [certFile, keyFile].map((file) => readFileSync(file, 'utf8'));
    const again = await ca('create', '--out', join(scene().directory, 'kept'));
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is not overwritten')]);
    expect([certFile, keyFile].map((file) => readFileSync(file, 'utf8'))).toEqual(before);
    const exported = await ca('export', '--format', 'der', '--out', keyFile, certFile);
    expect([exported.code, readFileSync(keyFile, 'utf8')]).toEqual([2, before[1]]);
    const open = join(scene().directory, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    const shared = await ca('create', '--out', open);
    expect([shared.code, shared.stderr]).toEqual([2, expect.stringContaining(`chmod 700 ${open}`)]);
  });

  it.each<[args: readonly string[], said: string]>([
    [['create'], "required option '--out <dir>' not specified"],
    [['create', '--out', 'x', '--days', '0'], 'Expected a whole number from 1 to 7300.'],
    [['create', '--out', 'x', '--key-type', 'dsa'], 'Allowed choices are ec, rsa.'],
    [['create', '--out', 'x', '--name', 'a\nb'], 'Expected 1 to 64 printable characters.'],
    [['show'], 'which certificate is not said'],
    [['show', 'missing.pem'], 'cannot be read'],
    [['show', '/etc/hostname'], 'holds no certificate'],
    [['export'], "required option '--format <format>' not specified"],
    [['export', '--format', 'pfx'], 'Allowed choices are pem, der, p12, jks.'],
    [['export', '--format', 'p12', '--password-env', 'NOT_SET', 'x.pem'], 'NOT_SET holds no password'],
    [['export', '--format', 'p12', '--ca-key', 'k.pem', 'x.pem'], 'with a password of your own only'],
    [[], 'what to do is missing'],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await ca(...args);
    expect([code, stdout.toString()], stderr).toEqual([2, '']);
    expect(stderr).toMatch(/^proxaudit: [^\n]+\n {2}[^\n]+\n$/);
    expect(stderr).toContain(said);
  });
});
