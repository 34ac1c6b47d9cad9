import { bytes, jsonOf, redirect, typed, type Answer } from '../reply.ts';
import { integrityOf, npm, otherGood, packument, tarball } from '../stages/npm.ts';
import type { Trick } from '../trick.ts';

const { good, evil, file } = npm;

interface NpmTrick {
  readonly id: string;
  readonly kind?: Trick['kind'];
  readonly says: string;
  readonly answers: (base: string) => Readonly<Record<string, Answer>>;
  readonly beside?: Trick['beside'];
  readonly inCi?: true;
}

const opaque = '/o/1';
/** A document that names a place without a name, which has the evil file. */
const opaquely = (answer: (document: string) => Answer) => (base: string) => ({
  '/demo': answer(JSON.stringify(packument({ tarball: `${base}${opaque}` }))),
  [opaque]: bytes(evil),
});
const listed =
  (dist: (base: string) => object, served: Buffer = evil) =>
  (base: string) => ({
    '/demo': jsonOf(packument({ tarball: `${base}${file}`, ...dist(base) })),
    [file]: bytes(served),
  });
const other = '/other/-/other-1.0.0.tgz';

const tricks: readonly NpmTrick[] = [
  {
    id: 'opaque',
    says: 'a tarball at a place that says nothing',
    answers: opaquely((document) => typed('application/json', document)),
  },
  {
    id: 'document-as-text',
    says: 'the same, its document as text/plain',
    answers: opaquely((document) => typed('text/plain', document)),
    inCi: true,
  },
  {
    id: 'document-without-type',
    says: 'the same, its document without a type',
    answers: opaquely((document) => ({ body: document })),
  },
  {
    id: 'document-with-mark',
    says: 'the same, its document with a byte order mark',
    answers: opaquely((document) => typed('application/json', `\ufeff${document}`)),
  },
  {
    id: 'document-203',
    says: 'the same, its document with status 203',
    answers: opaquely((document) => ({ ...typed('application/json', document), status: 203 })),
  },
  {
    id: 'document-led-away',
    kind: 'redirect',
    says: 'the same, its document by a redirect',
    answers: (base) => ({
      '/demo': redirect(`${base}/d`),
      '/d': jsonOf(packument({ tarball: `${base}${opaque}` })),
      [opaque]: bytes(evil),
    }),
  },
  {
    id: 'document-of-other-name',
    says: 'the same, its document with the name of another package',
    answers: (base) => ({
      '/demo': jsonOf(packument({ tarball: `${base}${opaque}` }, 'other')),
      [opaque]: bytes(evil),
    }),
  },
  {
    id: 'document-without-name',
    says: 'the same, its document without a name',
    answers: (base) => ({
      '/demo': typed(
        'application/json',
        JSON.stringify({ ...packument({ tarball: `${base}${opaque}` }), name: undefined }),
      ),
      [opaque]: bytes(evil),
    }),
  },
  {
    id: 'two-versions',
    says: 'a document that has the version twice',
    answers: (base) => ({
      '/demo': typed(
        'application/json',
        `{"name":"demo","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"demo","version":"1.0.0","dist":{"tarball":"${base}/good.tgz","integrity":"${integrityOf(good)}"}},"1.0.0":{"name":"demo","version":"1.0.0","dist":{"tarball":"${base}${opaque}","integrity":"${integrityOf(evil)}"}}}}`,
      ),
      '/good.tgz': bytes(good),
      [opaque]: bytes(evil),
    }),
  },
  {
    id: 'two-versions-of-one-file',
    kind: 'name',
    says: 'two versions that have the same tarball',
    answers: (base) => {
      const { versions } = packument({ tarball: `${base}${file}` }) as { versions: Record<string, object> };
      const later = { name: 'demo', version: '2.0.0', dist: { tarball: `${base}${file}` } };
      return {
        '/demo': jsonOf({
          name: 'demo',
          'dist-tags': { latest: '1.0.0' },
          versions: { ...versions, '2.0.0': later },
        }),
        [file]: bytes(evil),
      };
    },
  },
  {
    id: 'other-locked-tarball',
    kind: 'name',
    says: 'a document that names the tarball of another package of the lockfile',
    answers: (base) => ({
      '/demo': jsonOf(packument({ tarball: `${base}${other}`, integrity: integrityOf(otherGood) })),
      [other]: bytes(otherGood),
    }),
    inCi: true,
  },
  {
    id: 'redirect-to-other-locked',
    kind: 'redirect',
    says: 'a redirect to the tarball of another package of the lockfile',
    answers: (base) => ({
      '/demo': jsonOf(packument({ tarball: `${base}${file}` })),
      [file]: redirect(`${base}${other}`),
      [other]: bytes(otherGood),
    }),
    inCi: true,
  },
  {
    id: 'other-locked-after-its-own',
    kind: 'redirect',
    says: 'the same, where the other package is wanted too',
    // It is asked for by its own name.
    beside: ({ urls }) => urls.length === 1,
    answers: (base) => ({
      '/demo': jsonOf({
        ...packument({ tarball: `${base}${file}` }),
        versions: {
          '1.0.0': {
            name: 'demo',
            version: '1.0.0',
            dependencies: { other: '1.0.0' },
            dist: { tarball: `${base}${file}` },
          },
        },
      }),
      '/other': jsonOf(packument({ tarball: `${base}${other}` }, 'other')),
      [file]: redirect(`${base}${other}`),
      [other]: bytes(otherGood),
    }),
  },
  {
    id: 'version-of-other-file',
    kind: 'name',
    says: 'a document whose tarball bears another version',
    answers: (base) => ({
      '/demo': jsonOf(packument({ tarball: `${base}/demo/-/demo-2.0.0.tgz` })),
      '/demo/-/demo-2.0.0.tgz': bytes(evil),
    }),
  },
  {
    id: 'strong-and-weak',
    says: 'integrity by two algorithms, the weak one right',
    answers: listed(() => ({ integrity: `${integrityOf(good, 'sha1')} ${integrityOf(evil)}` })),
  },
  {
    id: 'two-strong',
    says: 'two integrities by one algorithm',
    answers: listed(() => ({ integrity: `${integrityOf(good)} ${integrityOf(evil)}` })),
  },
  {
    id: 'two-strong-of-good',
    says: 'the same, and the good file',
    answers: listed(() => ({ integrity: `${integrityOf(good)} ${integrityOf(evil)}` }), good),
    inCi: true,
  },
  {
    id: 'shasum-beside',
    says: 'a shasum of the good file beside the integrity of the evil one',
    answers: listed(() => ({
      integrity: integrityOf(evil),
      shasum: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    })),
  },
  {
    id: 'shasum-beside-good',
    says: 'a shasum that is false beside a true integrity, and the good file',
    answers: listed(
      () => ({ integrity: integrityOf(good), shasum: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' }),
      good,
    ),
  },
  {
    id: 'manifest-of-other',
    kind: 'archive',
    says: 'a tarball whose manifest has another name',
    answers: listed(() => ({}), tarball('evil', 'other')),
  },
  {
    id: 'tarball-with-query',
    kind: 'name',
    says: 'a tarball with a query that looks like another',
    answers: (base) => ({
      '/demo': jsonOf(packument({ tarball: `${base}${file}?x=/other/-/other-1.0.0.tgz` })),
      [`${file}?x=/other/-/other-1.0.0.tgz`]: bytes(evil),
    }),
  },
  {
    id: 'tarball-escaped',
    kind: 'name',
    says: 'a tarball with percent escapes in its path',
    answers: (base) => ({
      '/demo': jsonOf(packument({ tarball: `${base}/demo/%2D/demo-1.0.0%2Etgz` })),
      '/demo/%2D/demo-1.0.0%2Etgz': bytes(evil),
    }),
  },
];

export const npmTricks: readonly Trick[] = tricks.map(
  ({ id, kind = 'index', says, answers, inCi, beside }) => ({
    id: `npm-${id}`,
    kind,
    says,
    plays: { npm: ({ base }) => new Map(Object.entries(answers(base))) },
    ...(beside === undefined ? {} : { beside }),
    ...(inCi ? { inCi: ['npm'] } : {}),
  }),
);
