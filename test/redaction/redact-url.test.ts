import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redaction/redact.ts';

const redactor = createRedactor();
const hex = (length: number): string => '58cd2187c01e70e6e26505bca751777a'.repeat(4).slice(0, length);
const alphanumeric = (length: number): string => 'a1B2c3D4e5F6g7H8'.repeat(8).slice(0, length);
const uuid = '550e8400-e29b-41d4-a716-446655440000';

describe('URLs of artifacts stay as they are', () => {
  it.each([
    'https://npm.example/left-pad/-/left-pad-1.3.0.tgz',
    'https://npm.example/@scope%2fname',
    'https://npm.example/@scope/name/-/name-1.0.0-beta.12+build.5.tgz',
    'https://npm.example/jsonwebtoken/-/jsonwebtoken-9.0.2.tgz',
    'https://npm.example/passport/-/passport-0.7.0.tgz',
    'https://npm.example/token/-/token-0.1.0.tgz',
    `https://files.example/packages/de/ad/${hex(60)}/requests-2.31.0-py3-none-any.whl#sha256=${hex(64)}`,
    'https://pypi.example/simple/pytest-cov/',
    'https://go.example/github.com/!burnt!sushi/toml/@v/v0.0.0-20200101123456-abcdef123456.zip',
    'https://go.example/github.com/!sirupsen/logrus/hooks/syslog/@v/v1.0.1-0.20200101123456-abcdef123456.info',
    'https://sum.example/lookup/golang.org/x/crypto@v0.17.0',
    'https://sum.example/tile/8/0/x001/234',
    'https://crates.example/api/v1/crates/serde/1.0.197/download',
    'https://crates.example/se/rd/serde_json-1.0.114.crate',
    'https://deb.example/debian/pool/main/g/glib-networking/glib-networking-services_2.74.0-4_amd64.deb',
    'https://deb.example/debian/pool/main/libx/libxml2/libxml2_2.9.14+dfsg-1.3~deb12u1_amd64.deb',
    `https://deb.example/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/${hex(64)}`,
    `https://oci.example/v2/library/node/blobs/sha256:${hex(64)}`,
    'https://auth.example/token?service=oci.example&scope=repository:library/node:pull',
    `https://git.example/org/pre-commit-hooks/commit/${hex(40)}`,
    `https://git.example/team/hooks/commit/${hex(40)}`,
    'https://git.example/org/repository.git/info/refs?service=git-upload-pack',
    `https://git.example/api/v3/repos/org/repository/hooks/12345678`,
    `https://git.example/org/repository/archive/${hex(40)}.tar.gz`,
    'https://maven.example/org/springframework/security/spring-security-oauth2-client/6.2.1/a-6.2.1.jar.sha1',
    'https://conda.example/conda-forge/linux-64/openssl-3.2.1-hd590300_0.conda',
    'https://gem.example/gems/rails-7.1.3.gem',
    `https://x.example/${uuid}/file?version=1.2.3&platform=linux%2Famd64&X-Amz-Expires=300`,
    'https://x.example/a?color=red&go-get=1&sp=1&se=x&keywords=a&max=5&code_name=bookworm',
    'https://x.example/user@example.com/file',
    'https://[::1]:8080/a@b',
    'http://host.example:8080/@scope/name',
    'ssh://git@git.example/org/repository.git',
    '/@scope/name/-/name-1.0.0.tgz',
    '../relative/path?x=1',
    '',
  ])('%s', (url) => {
    expect(redactor.url(url)).toBe(url);
  });
});

describe('secrets in URLs are replaced', () => {
  const token = `ghp_${alphanumeric(36)}`;
  it.each([
    ['userinfo', 'https://user:pass@x.example/y', 'https://REDACTED@x.example/y'],
    ['a lone user', 'https://somebody@x.example/y', 'https://REDACTED@x.example/y'],
    ['a raw slash in a password', 'https://user:pa/ss@x.example/y', 'https://REDACTED@x.example/y'],
    ['an at sign in a password', 'https://user:p@ss@x.example/y', 'https://REDACTED@x.example/y'],
    ['backslashes', String.raw`https:\\user:pass@x.example\y`, String.raw`https:\\REDACTED@x.example\y`],
    ['a proxy without a scheme', 'user:pass@x.example:3128', 'REDACTED@x.example:3128'],
    ['a scheme-relative reference', '//user:pass@x.example/y', '//REDACTED@x.example/y'],
    ['a token parameter', '/a?b=1&access_token=x&c=2', '/a?b=1&access_token=REDACTED&c=2'],
    ['camel case', '/a?authToken=x', '/a?authToken=REDACTED'],
    ['an encoded name', '/a?%74oken=x', '/a?%74oken=REDACTED'],
    ['a semicolon', '/a?b=1;password=x', '/a?b=1;password=REDACTED'],
    ['a fragment', '/a#id_token=x&state=1', '/a#id_token=REDACTED&state=1'],
    ['a matrix parameter', '/a;jsessionid=x/b', '/a;jsessionid=REDACTED/b'],
    [
      'a signed URL (S3)',
      '/o?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb&X-Amz-Security-Token=c&X-Amz-Signature=d',
      '/o?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=REDACTED&X-Amz-Security-Token=REDACTED&X-Amz-Signature=REDACTED',
    ],
    [
      'a signed URL (GCS)',
      '/o?GoogleAccessId=a&X-Goog-Signature=b',
      '/o?GoogleAccessId=REDACTED&X-Goog-Signature=REDACTED',
    ],
    [
      'a shared access signature',
      '/o?sv=1&sp=r&se=2&sig=a%2B',
      '/o?sv=REDACTED&sp=REDACTED&se=REDACTED&sig=REDACTED',
    ],
    [
      'a signed URL (CDN)',
      '/o?Policy=a&Signature=b&Key-Pair-Id=c',
      '/o?Policy=REDACTED&Signature=REDACTED&Key-Pair-Id=REDACTED',
    ],
    ['a forge token in the path', `/a/${token}/b`, '/a/REDACTED/b'],
    ['a forge token under any name', `/a?q=x${token}`, '/a?q=xREDACTED'],
    ['an encoded forge token', `/a?q=${token.replace('_', '%5f').replace('g', '%67')}`, '/a?q=REDACTED'],
    ['a JWT', `/a?q=eyJ${alphanumeric(20)}.eyJ${alphanumeric(30)}.${alphanumeric(43)}`, '/a?q=REDACTED'],
    ['a chat hook', `/services/T01234567/B01234567/${alphanumeric(24)}`, '/services/T01234567/REDACTED'],
    [
      'a chat webhook',
      `/api/webhooks/123456789012/${alphanumeric(68)}`,
      '/api/webhooks/123456789012/REDACTED',
    ],
    [
      'a versioned chat webhook',
      `/api/v10/webhooks/1234/${alphanumeric(68)}/slack`,
      '/api/v10/webhooks/1234/REDACTED/slack',
    ],
    ['a bot', `/bot123456:${alphanumeric(35)}/sendMessage`, '/bot123456:REDACTED/sendMessage'],
    ['an encoded bot', `/bot123456%3A${alphanumeric(35)}/sendMessage`, '/bot123456:REDACTED/sendMessage'],
    [
      'an incoming webhook',
      `/webhookb2/${uuid}@${uuid}/IncomingWebhook/${hex(32)}/${uuid}`,
      `/webhookb2/${uuid}@${uuid}/IncomingWebhook/REDACTED/REDACTED`,
    ],
    ['a hook by uuid', `/open/bot/v2/hook/${uuid}`, '/open/bot/v2/hook/REDACTED'],
    ['a catch hook', '/hooks/catch/1234/abcdef/', '/hooks/catch/1234/REDACTED/'],
    ['a channel token', `/t/ab-${uuid}/channel/x.conda`, '/t/REDACTED/channel/x.conda'],
    [
      'a URL in a URL',
      '/a?to=https%3A%2F%2Fu%3Ap%40x.example%2F&b=1',
      '/a?to=https://REDACTED@x.example/&b=1',
    ],
    ['a raw URL in a URL', '/a?to=https://x.example/?token=y', '/a?to=https://x.example/?token=REDACTED'],
    ['encoded JSON', '/a?q=%7B%22password%22%3A%22x%22%7D', '/a?q={%22password%22:%22REDACTED%22}'],
  ])('%s', (_, url, expected) => {
    expect(redactor.url(url)).toBe(expected);
    expect(redactor.url(expected)).toBe(expected);
  });
});

it('cuts a long URL and notes its length', () => {
  const url = `https://x.example/${'a'.repeat(9_000)}`;
  expect(redactor.url(url)).toBe(`${url.slice(0, 8_192)}… [cut, ${url.length} characters]`);
});

it('leaves no half of a token at the place where it cuts', () => {
  const secret = `ghp_${alphanumeric(60)}`;
  for (const length of [8_150, 8_180, 65_500, 65_530, 70_000]) {
    const redacted = redactor.url(`https://x.example/?a=${'b'.repeat(length - 40)}&c=${secret}&d=1`);
    expect(redacted.length).toBeLessThan(8_300);
    expect(redacted).not.toContain('ghp_');
  }
  const many = redactor.url(`https://x.example/?${`token=${'x'.repeat(500)}&`.repeat(130)}z=${secret}`);
  expect(many).not.toContain('ghp_');
});
