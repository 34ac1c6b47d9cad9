import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeOddCa, makeOpensslCa, type OpensslCa } from '../certificates/tools.ts';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { missingCommand } from '../helpers/registries/commands.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('own-ca');
const reason = missingCommand('openssl');

/** Who signed what curl was shown. */
const curl = ['curl', '-sv', '-o', 'x', 'https://origin.test/random/10'];
const issuerIn = (stderr: string): string => /issuer: (.*)/.exec(stderr)?.[1] ?? 'none';

describe.skipIf(reason !== undefined)(
  `a CA of one’s own${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    let ca: OpensslCa;
    let other: OpensslCa;
    let rsa: OpensslCa;

    beforeAll(() => {
      const { directory } = scene();
      ca = makeOpensslCa(directory, 'mine', { subject: '/O=Example/CN=my very own CA' });
      other = makeOpensslCa(directory, 'other');
      rsa = makeOpensslCa(directory, 'rsa', {
        key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
        subject: '/O=mkcert development CA/CN=mkcert somebody@host.example',
      });
    });

    it('signs, in flags and in variables, and in every role', async () => {
      const { user, options, directory } = scene();
      const byFlags = await user.proxaudit([
        '-q',
        '--ca-cert',
        ca.certFile,
        '--ca-key',
        ca.keyFile,
        ...options,
        '--',
        ...curl,
      ]);
      expect([byFlags.code, issuerIn(byFlags.stderr)]).toEqual([
        0,
        expect.stringContaining('my very own CA'),
      ]);
      const env = { ...user.env, PROXAUDIT_CA_CERT: ca.certFile, PROXAUDIT_CA_KEY: ca.keyFile };
      const journal = join(directory, 'variables.jsonl');
      const byVariables = await user.proxaudit(['-q', '-o', journal, ...options, '--', ...curl], { env });
      expect(issuerIn(byVariables.stderr)).toContain('my very own CA');
      expect(readJournal(journal).exchanges).toHaveLength(1);
      // Its key is nowhere but where it was.
      const key = readFileSync(ca.keyFile, 'utf8').split('\n')[1] ?? 'none';
      expect(readFileSync(journal, 'utf8')).not.toContain(key);
    });

    it('of mkcert signs, found in CAROOT or below the data directory', async () => {
      const { user, options } = scene();
      const root = join(user.directory, 'xdg-data', 'mkcert');
      mkdirSync(root, { recursive: true });
      copyFileSync(rsa.certFile, join(root, 'rootCA.pem'));
      copyFileSync(rsa.keyFile, join(root, 'rootCA-key.pem'));
      chmodSync(join(root, 'rootCA-key.pem'), 0o400);
      for (const place of [{ CAROOT: root }, { XDG_DATA_HOME: join(user.directory, 'xdg-data') }]) {
        const result = await user.proxaudit(['-q', '--ca', 'mkcert', ...options, '--', ...curl], {
          env: { ...user.env, ...place },
        });
        expect([result.code, issuerIn(result.stderr)]).toEqual([0, expect.stringContaining('mkcert')]);
      }
    });

    it('without one, the run makes its own, which names proxaudit and the run', async () => {
      const { user, options } = scene();
      const result = await user.proxaudit(['-q', ...options, '--', ...curl]);
      expect(issuerIn(result.stderr)).toContain('proxaudit');
      expect(issuerIn(result.stderr)).toContain(user.runIds().at(-1));
    });

    describe('that cannot be used is refused before anything is written or run', () => {
      const refuse = async (args: readonly string[], said: RegExp, env = scene().user.env): Promise<void> => {
        const { user, directory } = scene();
        const journal = join(directory, 'earlier.jsonl');
        writeFileSync(journal, 'an earlier journal\n');
        const result = await user.proxaudit(['-o', journal, ...args, '--', 'echo', 'ran'], { env });
        expect([result.code, result.stdout.toString()]).toEqual([125, '']);
        expect(result.stderr).toMatch(/^proxaudit: /);
        expect(result.stderr).toMatch(said);
        expect(result.stderr).not.toMatch(/^\s+at |PRIVATE KEY-----\n/m);
        expect(readFileSync(journal, 'utf8')).toBe('an earlier journal\n');
        expect(user.trustDirectories()).toEqual([]);
      };

      it('a key that belongs to another', () =>
        refuse(
          ['--ca-cert', ca.certFile, '--ca-key', other.keyFile],
          /key .* does not belong to the certificate/,
        ));

      it('a missing file', async () => {
        await refuse(
          ['--ca-cert', 'no.pem', '--ca-key', ca.keyFile],
          /the CA certificate no\.pem cannot be read: there is no such file/,
        );
        await refuse(
          ['--ca-cert', ca.certFile, '--ca-key', 'no.pem'],
          /the CA key no\.pem cannot be read: there is no such file/,
        );
      });

      it('one without the other, or two', async () => {
        await refuse(['--ca-cert', ca.certFile], /--ca-key is missing/);
        await refuse(['--ca-key', ca.keyFile], /--ca-cert is missing/);
        await refuse(
          ['--ca', 'mkcert', '--ca-cert', ca.certFile, '--ca-key', ca.keyFile],
          /two different CAs/,
        );
      });

      it('an expired one', async () => {
        const expired = makeOddCa(-9, -1);
        await refuse(['--ca-cert', expired.certFile, '--ca-key', expired.keyFile], /expired on /);
      });

      it('one that is no CA', async () => {
        const leaf = makeOpensslCa(scene().directory, 'leaf', { extensions: ['basicConstraints=CA:FALSE'] });
        await refuse(['--ca-cert', leaf.certFile, '--ca-key', leaf.keyFile], /not a CA's/);
      });

      it('what is no certificate or key at all', async () => {
        await refuse(['--ca-cert', ca.keyFile, '--ca-key', ca.keyFile], /holds no certificate in PEM form/);
        await refuse(['--ca-cert', ca.certFile, '--ca-key', ca.certFile], /holds no private key in PEM form/);
        await refuse(['--ca-cert', '/dev/null', '--ca-key', '/dev/null'], /holds no/);
      });

      it('one of mkcert that is not there', () =>
        refuse(['--ca', 'mkcert'], /There is no mkcert CA in .*rootCA\.pem is missing[^]*mkcert -install/, {
          ...scene().user.env,
          XDG_DATA_HOME: join(scene().directory, 'nowhere'),
        }));
    });
  },
);

describe('--upstream-ca', () => {
  it('that cannot be used is refused, and the run says that it did not start', async () => {
    const { user, directory } = scene();
    for (const file of ['no.pem', '/dev/null']) {
      const journal = join(directory, 'upstream.jsonl');
      const result = await user.proxaudit(['-o', journal, '--upstream-ca', file, '--', 'echo', 'ran']);
      expect([result.code, result.stdout.toString()]).toEqual([125, '']);
      expect(result.stderr).toMatch(/^proxaudit: .*(?:no\.pem|\/dev\/null)/);
      expect(result.stderr).not.toMatch(/^\s+at /m);
      expect((await checkJournal(journal)).code).toBe(0);
      expect(readJournal(journal).of('run-finished')[0]?.exit).toEqual({
        kind: 'not-started',
        code: 125,
        message: expect.stringContaining(file) as string,
      });
    }
  });

  it('is what makes an upstream with a private CA trusted', async () => {
    const { user, options } = scene();
    const [, , ...withoutIt] = options;
    const fetch = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', 'https://origin.test/random/1'];
    expect((await user.proxaudit(['-q', ...options, '--', ...fetch])).stdout.toString()).toBe('200');
    const refused = await user.proxaudit([...withoutIt, '--', ...fetch]);
    // curl's code for a certificate that it does not accept.
    expect([refused.code, refused.stdout.toString()]).toEqual([60, '000']);
    expect(refused.stderr).toContain('certificate-untrusted');
    expect(refused.stderr).toContain('--upstream-ca');
  });

  it.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'])(
    'is not needed for what %s already trusts',
    async (variable) => {
      const { user, options, authority } = scene();
      const [, , ...withoutIt] = options;
      const fetch = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', 'https://origin.test/random/1'];
      const env = { ...user.env, [variable]: authority.file };
      expect((await user.proxaudit(['-q', ...withoutIt, '--', ...fetch], { env })).stdout.toString()).toBe(
        '200',
      );
    },
  );
});
