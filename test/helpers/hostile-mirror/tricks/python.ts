import { sha256 } from '../../origin/random.ts';
import { bytes, redirect, typed, type Answer } from '../reply.ts';
import { page, sdist, wheel, wheelName } from '../stages/pip.ts';
import type { Trick } from '../trick.ts';

const evil = wheel('evil');
const link = (href: string, text = wheelName): string => `<a href="${href}">${text}</a>`;

interface PythonTrick {
  readonly id: string;
  readonly kind?: Trick['kind'];
  readonly says: string;
  /** The answers by path; the index is at `/simple/demo/`. */
  readonly answers: (base: string) => Readonly<Record<string, Answer>>;
  readonly inCi?: true;
}

const index = '/simple/demo/';
/** A page that links to one file. */
const linked =
  (path: string, served: Buffer, form: (href: string) => string = link) =>
  (base: string) => ({
    [index]: page(form(`${base}${path}`)),
    [path.replace(/[#?].*/, '')]: bytes(served),
    [path.replace(/#.*/, '')]: bytes(served),
  });
const opaque = '/o/demo-1.0.tar.gz';
/** A page of a source distribution at a place that says nothing. */
const sourced = (form: (href: string) => string) => linked(opaque, sdist('evil'), form);
const jsonIndex = (files: string): Answer =>
  typed(
    'application/vnd.pypi.simple.v1+json',
    `{"meta":{"api-version":"1.0"},"name":"demo","files":${files}}`,
  );
const file = (base: string, path: string, hash: string, name = wheelName): string =>
  `{"filename":"${name}","url":"${base}${path}","hashes":{"sha256":"${hash}"}}`;
const goodHash = sha256(wheel('good'));

const tricks: readonly PythonTrick[] = [
  {
    id: 'json-duplicate-url',
    says: 'a JSON index whose file has two URLs',
    answers: (base) => ({
      [index]: jsonIndex(
        `[{"filename":"${wheelName}","url":"${base}/good/${wheelName}","url":"${base}/evil/${wheelName}","hashes":{}}]`,
      ),
      [`/good/${wheelName}`]: bytes(wheel('good')),
      [`/evil/${wheelName}`]: bytes(evil),
    }),
  },
  {
    id: 'json-duplicate-hashes',
    says: 'a JSON index whose file has two digests',
    answers: (base) => ({
      [index]: jsonIndex(
        `[{"filename":"${wheelName}","url":"${base}/f/${wheelName}","hashes":{"sha256":"${goodHash}"},"hashes":{"sha256":"${sha256(evil)}"}}]`,
      ),
      [`/f/${wheelName}`]: bytes(evil),
    }),
    inCi: true,
  },
  {
    id: 'json-two-files',
    says: 'a JSON index that lists the file twice, with different digests',
    answers: (base) => ({
      [index]: jsonIndex(
        `[${file(base, `/f/${wheelName}`, goodHash)},${file(base, `/e/${wheelName}`, sha256(evil))}]`,
      ),
      [`/f/${wheelName}`]: bytes(evil),
      [`/e/${wheelName}`]: bytes(evil),
    }),
  },
  {
    id: 'json-other-filename',
    says: 'a JSON index that calls the file otherwise than its URL does',
    answers: (base) => ({
      [index]: jsonIndex(`[${file(base, `/f/${wheelName}`, sha256(evil), 'demo-0.9-py3-none-any.whl')}]`),
      [`/f/${wheelName}`]: bytes(evil),
    }),
  },
  {
    id: 'base-href',
    says: 'an index with a base elsewhere',
    answers: (base) => ({
      [index]: page(`<base href="${base}/elsewhere/">${link(wheelName)}`),
      [`/elsewhere/${wheelName}`]: bytes(evil),
      [`/simple/demo/${wheelName}`]: bytes(wheel('good')),
    }),
  },
  {
    id: 'escaped-name',
    says: 'a file name with percent escapes',
    answers: linked('/f/%64emo-1.0-py3-none-any%2Ewhl', evil),
  },
  {
    id: 'escaped-twice',
    kind: 'name',
    says: 'a file name that is escaped twice',
    answers: linked('/f/demo%252D1.0-py3-none-any.whl', evil),
  },
  {
    id: 'slash-at-end',
    kind: 'name',
    says: 'a file with a slash behind its name',
    answers: linked(`/f/${wheelName}/`, evil),
  },
  {
    id: 'escaped-slash',
    kind: 'name',
    says: 'a file whose folder is hidden in its name',
    answers: linked(`/f/x%2F${wheelName}`, evil),
  },
  {
    id: 'name-in-query',
    kind: 'name',
    says: 'a file with a query that looks like another',
    answers: linked(`/f/${wheelName}?file=other-1.0.whl`, evil),
  },
  {
    id: 'name-in-fragment',
    says: 'a link with a fragment that names another file',
    answers: linked(`/f/${wheelName}#egg=other-1.0`, evil),
  },
  {
    id: 'md5-fragment',
    says: 'a link with the digest by a weak algorithm',
    answers: linked(`/f/${wheelName}#md5=x`, evil),
  },
  {
    id: 'folded-name',
    kind: 'name',
    says: 'the name in other letters and punctuation',
    answers: linked('/f/DEMO-1.0-py3-none-any.whl', wheel('evil', { name: 'DEMO' })),
    inCi: true,
  },
  {
    id: 'version-with-zero',
    kind: 'name',
    says: 'the version with a zero more',
    answers: linked('/f/demo-1.0.0-py3-none-any.whl', wheel('evil', { version: '1.0.0' })),
  },
  {
    id: 'version-with-v',
    kind: 'name',
    says: 'the version with a v',
    answers: linked('/f/demo-v1.0-py3-none-any.whl', wheel('evil', { version: 'v1.0' })),
  },
  {
    id: 'local-version',
    kind: 'name',
    inCi: true,
    says: 'a local version, which the asked-for one includes',
    answers: linked('/f/demo-1.0+evil-py3-none-any.whl', wheel('evil', { version: '1.0+evil' })),
  },
  {
    id: 'build-tag',
    kind: 'name',
    says: 'a second build of the same wheel',
    answers: linked('/f/demo-1.0-2-py3-none-any.whl', evil),
  },
  {
    id: 'other-tag',
    kind: 'name',
    says: 'the same wheel for other platforms',
    answers: linked('/f/demo-1.0-py2.py3-none-any.whl', evil),
  },
  {
    id: 'odd-version-text',
    kind: 'name',
    says: 'a version that no file name should have',
    answers: linked('/f/demo-1.0.0_-py3-none-any.whl', evil),
  },
  {
    id: 'source-without-name',
    says: 'a source distribution at a place that says nothing',
    answers: sourced(link),
    inCi: true,
  },
  {
    id: 'source-by-page-type',
    says: 'the same, its index with an odd content type',
    answers: (base) => ({
      ...sourced(link)(base),
      [index]: page(link(`${base}${opaque}`), 'text/htmlx; charset=utf-8'),
    }),
  },
  {
    id: 'source-by-bare-href',
    says: 'the same, its link without quotes',
    answers: sourced((href) => `<a href=${href}>x</a>`),
  },
  {
    id: 'source-by-odd-tag',
    says: 'the same, its link behind an attribute with a bracket',
    answers: sourced((href) => `<a title=">" href="${href}">x</a>`),
  },
  {
    id: 'source-by-charset',
    says: 'the same, its index in UTF-16',
    answers: (base) => ({
      ...sourced(link)(base),
      [index]: typed(
        'text/html; charset=utf-16le',
        Buffer.from(`<!DOCTYPE html><html><body>${link(`${base}${opaque}`)}</body></html>`, 'utf16le'),
      ),
    }),
  },
  {
    id: 'source-by-entities',
    says: 'the same, its link in character references',
    answers: sourced((href) => link([...href].map((one) => `&#${one.charCodeAt(0)};`).join(''))),
  },
  {
    id: 'source-by-json',
    says: 'the same, its index as JSON',
    answers: (base) => ({
      [index]: jsonIndex(`[${file(base, opaque, sha256(sdist('evil')), 'demo-1.0.tar.gz')}]`),
      [opaque]: bytes(sdist('evil')),
    }),
  },
  {
    id: 'index-led-away',
    kind: 'redirect',
    says: 'the index redirects to a place that says nothing',
    answers: (base) => ({
      [index]: redirect(`${base}/p`),
      '/p': page(link(`${base}${opaque}`)),
      [opaque]: bytes(sdist('evil')),
    }),
  },
  {
    id: 'metadata-file',
    says: 'separate metadata (PEP 658) of the good file beside the evil one',
    answers: (base) => ({
      [index]: page(
        `<a href="${base}/f/${wheelName}" data-dist-info-metadata="true" data-core-metadata="true">${wheelName}</a>`,
      ),
      [`/f/${wheelName}.metadata`]: typed('text/plain', 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n'),
      [`/f/${wheelName}`]: bytes(evil),
    }),
  },
  {
    id: 'yanked',
    says: 'a file that is yanked',
    answers: linked(`/f/${wheelName}`, evil, (href) => `<a href="${href}" data-yanked="">x</a>`),
  },
  {
    id: 'redirect-to-other-locked',
    kind: 'redirect',
    says: 'a redirect to another package of the lockfile, which has these bytes',
    answers: (base) => ({
      [index]: page(link(`${base}/f/${wheelName}`)),
      [`/f/${wheelName}`]: redirect(`${base}/f/other-1.0-py3-none-any.whl`),
      '/f/other-1.0-py3-none-any.whl': bytes(evil),
    }),
    inCi: true,
  },
];

export const pythonTricks: readonly Trick[] = tricks.map(({ id, kind = 'index', says, answers, inCi }) => ({
  id: `pip-${id}`,
  kind,
  says,
  plays: { pip: ({ base }) => new Map(Object.entries(answers(base))) },
  ...(inCi ? { inCi: ['pip'] } : {}),
}));
