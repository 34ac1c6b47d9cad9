import { expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redact.ts';

const redactor = createRedactor();

it.each([
  [['npm', 'ci', '--no-audit']],
  [['docker', 'run', '-u', '1000:1000', '-e', 'A=b', '-p', '8080:80', 'image']],
  [['mvn', '-Dmaven.repo.local=/tmp/m2', '-agentlib:jdwp=transport=dt_socket', 'package']],
  [['java', '-Xbootclasspath/a:x.jar', '-Djavax.net.ssl.trustStore=/tmp/store', 'Main']],
  [['curl', '--key', './client.pem', '--cacert', 'ca.pem', '-o', 'x', 'https://x.example/a']],
  [['docker', 'login', '-u', 'me', '--password-stdin', 'oci.example']],
  [['tool', '--token-file', '/run/token', '--no-token', 'x', '--keyring-provider', 'disabled']],
  [['git', 'config', '--global', 'credential.helper', 'store']],
  [['git', '-c', 'http.sslVerify=true', 'clone', 'git@git.example:org/repository.git']],
  [['pip', 'install', 'tokenizers==0.15.2', 'left-pad@1.3.0', 'requests>=2']],
  [['sh', '-c', 'cd "a b" && make -j2 \'x y\' # done']],
  [['node', '-u', 'https://x.example/']],
])('leaves %j as it is', (argv) => {
  expect(redactor.command(argv)).toEqual(argv);
});

it.each([
  [
    ['x', '--token', 'abc', 'y'],
    ['x', '--token', 'REDACTED', 'y'],
  ],
  [
    ['x', '--password=abc'],
    ['x', '--password=REDACTED'],
  ],
  [
    ['x', '--password', '-abc'],
    ['x', '--password', 'REDACTED'],
  ],
  [
    ['x', '--token', '--verbose'],
    ['x', '--token', '--verbose'],
  ],
  [
    ['x', '-passin', 'pass:abc'],
    ['x', '-passin', 'REDACTED'],
  ],
  [
    ['curl', '-u', 'me:abc', 'x'],
    ['curl', '-u', 'me:REDACTED', 'x'],
  ],
  [
    ['curl', '-ume:abc', 'x'],
    ['curl', '-ume:REDACTED', 'x'],
  ],
  [
    ['curl', '--user=me:abc'],
    ['curl', '--user=me:REDACTED'],
  ],
  [
    ['curl', '-H', 'Authorization: Bearer abc'],
    ['curl', '-H', 'Authorization: REDACTED'],
  ],
  [
    ['curl', '-HX-Api-Key: a'],
    ['curl', '-HX-Api-Key: REDACTED'],
  ],
  [
    ['curl', '-b', 'session=abc'],
    ['curl', '-b', 'REDACTED'],
  ],
  [
    ['curl', '-d', '{"password":"a b"}'],
    ['curl', '-d', '{"password":"REDACTED"}'],
  ],
  [
    ['curl', '-d', 'user=me&password=abc&x=1'],
    ['curl', '-d', 'user=me&password=REDACTED&x=1'],
  ],
  [
    ['curl', 'https://u:p@x.example/?sig=a'],
    ['curl', 'https://REDACTED@x.example/?sig=REDACTED'],
  ],
  [
    ['env', 'NPM_TOKEN=a b', 'npm'],
    ['env', 'NPM_TOKEN=REDACTED', 'npm'],
  ],
  [
    ['docker', 'run', '-e', 'DB_PASSWORD=abc'],
    ['docker', 'run', '-e', 'DB_PASSWORD=REDACTED'],
  ],
  [
    ['mvn', '-Drepository.password=abc'],
    ['mvn', '-Drepository.password=REDACTED'],
  ],
  [
    ['docker', 'login', '-p', 'abc', 'oci.example'],
    ['docker', 'login', '-p', 'REDACTED', 'oci.example'],
  ],
  [
    ['mysql', '-pabc', 'db'],
    ['mysql', '-pREDACTED', 'db'],
  ],
  [
    ['/usr/bin/sshpass', '-p', 'abc', 'ssh'],
    ['/usr/bin/sshpass', '-p', 'REDACTED', 'ssh'],
  ],
  [
    ['redis-cli', '-a', 'abc'],
    ['redis-cli', '-a', 'REDACTED'],
  ],
  [
    ['cargo', 'login', 'abc'],
    ['cargo', 'login', 'REDACTED'],
  ],
  [
    ['npm', 'config', 'set', '//npm.example/:_authToken', 'abc'],
    ['npm', 'config', 'set', '//npm.example/:_authToken', 'REDACTED'],
  ],
  [
    ['npm', 'config', 'set', '//npm.example/:_authToken=abc'],
    ['npm', 'config', 'set', '//npm.example/:_authToken=REDACTED'],
  ],
  [
    ['git', '-c', 'http.extraheader=Authorization: Basic abcdef12', 'fetch'],
    ['git', '-c', 'http.extraheader=Authorization: REDACTED', 'fetch'],
  ],
  [
    ['sh', '-c', 'curl -H "X-Token: a" --token \'b c\' -u me:d https://x.example/?token=e && TOKEN=f npm ci'],
    [
      'sh',
      '-c',
      'curl -H "X-Token: REDACTED" --token \'REDACTED\' -u me:REDACTED https://x.example/?token=REDACTED && TOKEN=REDACTED npm ci',
    ],
  ],
  [
    ['ssh', 'h', `sh -c "curl -u me:abc x"`],
    ['ssh', 'h', 'sh -c "curl -u me:REDACTED x"'],
  ],
])('redacts %j', (argv, expected) => {
  expect(redactor.command(argv)).toEqual(expected);
  expect(redactor.command(expected)).toEqual(expected);
});

it('is bounded', () => {
  const redacted = redactor.command(Array.from({ length: 5_000 }, () => 'x'.repeat(20)));
  expect(redacted).toHaveLength(1_001);
  expect(redacted.at(-1)).toBe('… and 4000 more arguments');
});
