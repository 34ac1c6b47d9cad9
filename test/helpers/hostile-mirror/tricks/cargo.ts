import { bytes, jsonOf, redirect, typed, type Answer } from '../reply.ts';
import { cargo, indexLine, indexPath } from '../stages/cargo.ts';
import type { Trick } from '../trick.ts';

const { good, evil, file } = cargo;

interface CargoTrick {
  readonly id: string;
  readonly kind?: Trick['kind'];
  readonly says: string;
  readonly answers: (base: string) => Readonly<Record<string, Answer>>;
}

const template = (base: string): Answer => jsonOf({ dl: `${base}/crates/{crate}/{version}/download` });
const index =
  (lines: string, served: Buffer = evil) =>
  (base: string) => ({
    '/index/config.json': template(base),
    [indexPath]: typed('text/plain', lines),
    [file]: bytes(served),
  });
const downloaded = (dl: (base: string) => string, path: string) => (base: string) => ({
  '/index/config.json': jsonOf({ dl: dl(base) }),
  [indexPath]: typed('text/plain', indexLine(evil)),
  [path]: bytes(evil),
});
const other = '/crates/other/1.0.0/download';

const tricks: readonly CargoTrick[] = [
  {
    id: 'two-lines-evil-last',
    says: 'two lines of the version, the evil one last',
    answers: index(indexLine(good) + indexLine(evil)),
  },
  {
    id: 'two-lines-good-last',
    says: 'two lines of the version, the good one last, and the evil file',
    answers: index(indexLine(evil) + indexLine(good)),
  },
  {
    id: 'two-lines-of-good',
    says: 'two lines of the version, and the good file',
    answers: index(indexLine(evil) + indexLine(good), good),
  },
  { id: 'yanked', says: 'a line that is yanked', answers: index(indexLine(evil, { yanked: true })) },
  {
    id: 'line-of-other',
    says: 'a line of another crate in the file',
    answers: index(indexLine(good, { name: 'other' }) + indexLine(evil)),
  },
  {
    id: 'build-metadata',
    kind: 'name',
    says: 'the version with build metadata',
    answers: (base) => ({
      '/index/config.json': template(base),
      [indexPath]: typed('text/plain', indexLine(evil, { vers: '1.0.0+evil' })),
      '/crates/demo/1.0.0+evil/download': bytes(evil),
    }),
  },
  {
    id: 'opaque-by-digest',
    says: 'files at places that are named by digest',
    answers: (base) => ({
      ...downloaded(() => `${base}/o/{sha256-checksum}`, '/o/x')(base),
    }),
  },
  {
    id: 'opaque',
    says: 'all files at one place',
    answers: downloaded((base) => `${base}/o?{crate}`, '/o?demo'),
  },
  {
    id: 'other-locked-place',
    kind: 'name',
    says: 'files at the place of another crate of the lockfile, which has these bytes',
    answers: downloaded((base) => `${base}/crates/other/{version}/download`, other),
  },
  {
    id: 'redirect-to-other-locked',
    kind: 'redirect',
    says: 'a redirect to another crate of the lockfile, which has these bytes',
    answers: (base) => ({
      ...index(indexLine(evil))(base),
      [file]: redirect(`${base}${other}`),
      [other]: bytes(evil),
    }),
  },
  {
    id: 'index-led-away',
    kind: 'redirect',
    says: 'an index whose file is elsewhere, with files at opaque places',
    answers: (base) => ({
      '/index/config.json': jsonOf({ dl: `${base}/o/{crate}.{version}` }),
      [indexPath]: redirect(`${base}/i`),
      '/i': typed('text/plain', indexLine(evil)),
      '/o/demo.1.0.0': bytes(evil),
    }),
  },
  {
    id: 'configuration-203',
    says: 'an index whose configuration comes with status 203',
    answers: (base) => ({
      '/index/config.json': { ...jsonOf({ dl: `${base}/o/{crate}.{version}` }), status: 203 },
      [indexPath]: typed('text/plain', indexLine(evil)),
      '/o/demo.1.0.0': bytes(evil),
    }),
  },
];

export const cargoTricks: readonly Trick[] = tricks.map(({ id, kind = 'index', says, answers }) => ({
  id: `cargo-${id}`,
  kind,
  says,
  plays: { cargo: ({ base }) => new Map(Object.entries(answers(base))) },
}));
