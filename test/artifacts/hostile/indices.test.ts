import { expect, it } from 'vitest';
import type { Fed } from '../feed.ts';
import { base, evil, good, hex, jsonType, judge, lock, packument, page, type Case } from './mirror.ts';

const opaque = `${base}/o/1`;
const archive = Buffer.concat([evil, Buffer.alloc(10)]);
const npmAgent = {
  'user-agent': 'npm/11.0.0 node/v20.0.0 linux x64',
  accept: 'application/vnd.npm.install-v1+json; q=1.0, */*',
};
const pipAgent = {
  'user-agent': 'pip/23.2.1 {}',
  accept: 'application/vnd.pypi.simple.v1+json, text/html; q=0.01',
};
const npmLock = [lock('npm', { 'a@1.0.0': good })];
const pipLock = [lock('pypi', { 'a@1.0': good })];
const document = packument('a', { '1.0.0': opaque });
const sdist = `${base}/o/a-1.0.tar.gz`;
const indexed = (change: Partial<Fed>): Fed[] => [
  { ...page('a', sdist), requestHeaders: pipAgent, ...change },
  { url: sdist, body: evil, requestHeaders: pipAgent },
];
const dist = (stated: object): Fed[] => [
  {
    url: `${base}/a`,
    headers: jsonType,
    body: JSON.stringify({ name: 'a', versions: { '1.0.0': { dist: { tarball: opaque, ...stated } } } }),
  },
  { url: opaque, body: good },
];
const sri = (of: Buffer, algorithm = 'sha512'): string =>
  `${algorithm}-${Buffer.from(hex(of, algorithm), 'hex').toString('base64')}`;
const crate = `${base}/crates/a/1.0.0/download`;
const line = (of: Buffer, more: object = {}): string =>
  JSON.stringify({ name: 'a', vers: '1.0.0', cksum: hex(of), ...more });
const named = { name: 'a', verdict: 'mismatch' as const };

const cases: readonly Case[] = [
  ...(['text/plain', 'text/html', 'application/octet-stream', ''] as const).map((type) => ({
    trick: `npm: a document as “${type}”`,
    takes: 'it as a document',
    answers: [
      { ...document, headers: type === '' ? {} : { 'content-type': type }, requestHeaders: npmAgent },
      { url: opaque, body: evil },
    ],
    locks: npmLock,
    says: [named],
  })),
  {
    trick: 'npm: a document that nobody can read',
    takes: 'a tarball at a place without a name',
    answers: [{ url: opaque, body: archive, requestHeaders: { 'user-agent': npmAgent['user-agent'] } }],
    locks: npmLock,
    says: [{ ecosystem: 'npm', purl: null, verdict: 'unlocked' }],
  },
  ...Object.entries({
    'a content type that only begins as one of an index': { headers: { 'content-type': 'text/htmlx' } },
    'a page in UTF-16': {
      headers: { 'content-type': 'text/html; charset="utf-16le"' },
      body: Buffer.from(`<a href="${sdist}">x</a>`, 'utf16le'),
    },
    'a link without quotes': { body: `<a href=${sdist}>x</a>` },
    'a link in capitals, over lines': { body: `<A\nclass=x\nHREF = '${sdist}' >x</A>` },
    'a link behind a bracket in quotes': { body: `<a title="a > b" href="${sdist}">x</a>` },
    'a link in character references': { body: `<a href="${sdist.replaceAll('a', '&#x61;')}">x</a>` },
    'two links in one tag': { body: `<a href="${sdist}" href="${base}/o/b-1.0.tar.gz">x</a>` },
    'a link against a base': { body: `<base href="${base}/o/"><a href="a-1.0.tar.gz">x</a>` },
    'a page elsewhere than simple pages are': { url: `${base}/index/a/` },
  } satisfies Record<string, Partial<Fed>>).map(([trick, change]) => ({
    trick: `pip: ${trick}`,
    takes: 'the source distribution that it links to',
    answers: indexed(change),
    locks: pipLock,
    says: [named],
  })),
  {
    trick: 'pip: a page in a character set that we do not know',
    takes: 'the source distribution that it links to',
    answers: indexed({ headers: { 'content-type': 'text/html; charset=utf-7' }, body: '+ADw-a href+AD0-x' }),
    locks: pipLock,
    says: [{ ecosystem: 'pypi', purl: null, verdict: 'unlocked' }],
  },
  ...[
    'a%252D1.0-py3-none-any.whl',
    'a-1.0-py3-none-any.whl/',
    '%61-1.0-py3-none-any%2Ewhl',
    'x%2Fa-1.0-py3-none-any.whl',
    'A-1.0.0-py3-none-any.whl',
    'a-v1.0-1-py3-none-any.whl',
  ].map((file) => ({
    trick: `pip: a wheel called ${file}`,
    takes: 'a 1.0',
    answers: [{ url: `${base}/f/${file}`, body: evil }],
    locks: pipLock,
    says: [named],
  })),
  {
    trick: 'npm: two integrities by one algorithm',
    takes: 'either',
    answers: dist({ integrity: `${sri(evil)} ${sri(good)}` }),
    locks: [],
    says: [{ verdict: 'not-comparable' }],
  },
  {
    trick: 'npm: two integrities by one algorithm, and a lockfile',
    takes: 'the locked one',
    answers: dist({ integrity: `${sri(evil)} ${sri(good)}` }),
    locks: npmLock,
    says: [{ verdict: 'locked' }],
  },
  {
    trick: 'npm: a false shasum beside a true integrity',
    takes: 'the locked one',
    answers: dist({ integrity: sri(good), shasum: hex(evil, 'sha1') }),
    locks: npmLock,
    says: [{ verdict: 'locked' }],
  },
  {
    trick: 'npm: a version twice in one document',
    takes: 'the last one',
    answers: [
      {
        url: `${base}/a`,
        headers: jsonType,
        body: `{"name":"a","versions":{"1.0.0":{"dist":{"tarball":"${base}/first"}},"1.0.0":{"dist":{"tarball":"${opaque}"}}}}`,
      },
      { url: opaque, body: evil },
    ],
    locks: npmLock,
    says: [named],
  },
  {
    trick: 'cargo: two lines of one version',
    takes: 'the last one',
    answers: [
      { url: `${base}/index/1/a`, body: `${line(evil)}\n${line(good)}\n` },
      { url: crate, body: good },
    ],
    locks: [],
    says: [{ verdict: 'not-comparable' }],
  },
  {
    trick: 'cargo: two lines of one version, and a lockfile',
    takes: 'the locked one',
    answers: [
      { url: `${base}/index/1/a`, body: `${line(good)}\n${line(evil, { yanked: true })}\n` },
      { url: crate, body: good },
    ],
    locks: [lock('cargo', { 'a@1.0.0': good })],
    says: [{ verdict: 'locked' }],
  },
  {
    trick: 'cargo: an index that cannot be read',
    takes: 'a crate at a place without a name',
    answers: [{ url: opaque, body: archive, requestHeaders: { 'user-agent': 'cargo/1.95.0 (x)' } }],
    locks: [lock('cargo', { 'a@1.0.0': good })],
    says: [{ ecosystem: 'cargo', purl: null, verdict: 'unlocked' }],
  },
  {
    trick: 'any index: the digest of what the mirror sends',
    takes: 'that',
    answers: [page('a', `${sdist}#sha256=${hex(evil)}`), { url: sdist, body: evil }],
    locks: [],
    says: [{ verdict: 'published' }],
  },
];

it.each(cases)('$trick: a client takes $takes', async (one) => {
  expect(await judge(one)).toMatchObject(one.says);
});
