import { createZip } from '../../registries/archives/zip.ts';
import { bytes, jsonOf, redirect, typed, type Answer } from '../reply.ts';
import { filesOf, go, stem } from '../stages/go.ts';
import type { Trick } from '../trick.ts';

const { good, evil, file } = go;

interface GoTrick {
  readonly id: string;
  readonly kind?: Trick['kind'];
  readonly says: string;
  readonly answers: (base: string) => Readonly<Record<string, Answer>>;
}

/** The good files first, and 65,536 more, which the field that counts them has no room for. */
function createOverflowing(): Buffer {
  const place = 'demo.test/mod@v1.0.0';
  const more = Object.fromEntries(Array.from({ length: 65_535 }, (_, index) => [`${place}/f${index}`, '']));
  return createZip({ ...filesOf('good'), ...more, [`${place}/evil.go`]: '// taken: evil\n' });
}

/** The evil zip behind the good one, with a directory that says where it would be if it stood alone. */
const stacked = Buffer.concat([good, evil]);

const served = (zip: Buffer) => (): Record<string, Answer> => ({ [file]: bytes(zip) });
const elsewhere = '/goproxy/other.test/mod/@v/v1.0.0.zip';

const tricks: readonly GoTrick[] = [
  {
    id: 'bytes-after-zip',
    kind: 'archive',
    says: 'a zip with bytes behind it',
    answers: served(Buffer.concat([evil, Buffer.from('more')])),
  },
  {
    id: 'bytes-after-good-zip',
    kind: 'archive',
    says: 'the good zip with bytes behind it',
    answers: served(Buffer.concat([good, Buffer.from('more')])),
  },
  {
    id: 'bytes-before-zip',
    kind: 'archive',
    says: 'a zip with bytes before it',
    answers: served(Buffer.concat([Buffer.from('#!/bin/sh\n'), evil])),
  },
  {
    id: 'bytes-before-good-zip',
    kind: 'archive',
    says: 'the good zip with bytes before it',
    answers: served(Buffer.concat([Buffer.from('#!/bin/sh\n'), good])),
  },
  {
    id: 'zip-behind-zip',
    kind: 'archive',
    says: 'the good zip, and the evil one behind it',
    answers: served(stacked),
  },
  {
    id: 'uncounted-files',
    kind: 'archive',
    says: 'a zip whose end counts its files modulo 65,536',
    answers: () => ({ [file]: bytes(createOverflowing()) }),
  },
  {
    id: 'other-root',
    kind: 'archive',
    says: 'a zip of another module',
    answers: served(
      createZip({
        'other.test/mod@v1.0.0/go.mod': 'module other.test/mod\n',
        'other.test/mod@v1.0.0/code.go': '// taken: evil\n',
      }),
    ),
  },
  {
    id: 'redirect-to-other',
    kind: 'redirect',
    says: 'a redirect to the zip of another module',
    answers: (base) => ({ [file]: redirect(`${base}${elsewhere}`), [elsewhere]: bytes(evil) }),
  },
  {
    id: 'redirect-good-to-other',
    kind: 'redirect',
    says: 'a redirect to where another module lies, and the good zip',
    answers: (base) => ({ [file]: redirect(`${base}${elsewhere}`), [elsewhere]: bytes(good) }),
  },
  {
    id: 'info-of-other-version',
    says: 'an .info of another version',
    answers: () => ({
      [`${stem}.info`]: jsonOf({ Version: 'v9.9.9', Time: '2020-01-01T00:00:00Z' }),
      [file]: bytes(evil),
    }),
  },
  {
    id: 'mod-of-other',
    says: 'a .mod of another module',
    answers: () => ({ [`${stem}.mod`]: typed('text/plain', 'module other.test/mod\n'), [file]: bytes(evil) }),
  },
];

export const goTricks: readonly Trick[] = tricks.map(({ id, kind = 'index', says, answers }) => ({
  id: `go-${id}`,
  kind,
  says,
  plays: { go: ({ base, honest }) => new Map([...honest({ file: good }), ...Object.entries(answers(base))]) },
}));
