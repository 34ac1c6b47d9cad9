import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { setup } from '../helpers/build-once.ts';

/** What may be shipped under MIT, with its text beside it. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
]);

beforeAll(setup);

interface Notice {
  readonly name: string;
  readonly licence: string;
  readonly text: string;
}

function readNotices(): Notice[] {
  const [, ...notices] = readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8').split(
    /^(?=\S+ \d+\.\d+\.\d+\S*: )/m,
  );
  return notices.map((notice) => {
    const [head = '', ...lines] = notice.split('\n');
    const [, name = '', licence = ''] = /^(\S+) \S+: (.*)$/.exec(head) ?? [];
    const text = lines.join('\n');
    return { name, text, licence: licence === 'the licence below' ? recognise(text) : licence };
  });
}

/** For packages that only ship the text. */
const recognise = (text: string): string =>
  /^\s*Apache License\s+Version 2\.0/.test(text) ? 'Apache-2.0' : 'unknown';

it('all that is bundled may be shipped: no copyleft, and its licence comes along', () => {
  const notices = readNotices();
  expect(notices.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['mockttp', 'execa', 'commander', 'pino']),
  );
  const isAllowed = ({ licence }: Notice): boolean =>
    licence
      // What else stands there says which part the licence is of.
      .replace(/ \(the .*\)$/, '')
      .replaceAll(/[()]/g, '')
      .split(' OR ')
      .some((choice) => allowed.has(choice));
  expect(
    notices.filter((notice) => !isAllowed(notice)).map(({ name, licence }) => `${name}: ${licence}`),
  ).toEqual([]);
  expect(notices.filter(({ text }) => text.trim().length < 300).map(({ name }) => name)).toEqual([]);
});
