import { expect, it } from 'vitest';
import { base, evil, good, jsonType, judge, lock, packument, page, redirect, type Case } from './mirror.ts';

const aTarball = `${base}/a/-/a-1.0.0.tgz`;
const bTarball = `${base}/b/-/b-1.0.0.tgz`;
/** The owner of the mirror owns `b`, which is locked with what it would have installed as `a`. */
const locks = [lock('npm', { 'a@1.0.0': good, 'b@1.0.0': evil })];
const onlyB = [lock('npm', { 'b@1.0.0': evil })];
const wheelOf = (name: string): string => `${base}/f/${name}-1.0-py3-none-any.whl`;
const pythonLocks = [lock('pypi', { 'a@1.0': good, 'b@1.0': evil })];
const download = (name: string): string => `${base}/crates/${name}/1.0.0/download`;
const crateLocks = [lock('cargo', { 'a@1.0.0': good, 'b@1.0.0': evil })];
const crateIndex = (dl: string) => [
  { url: `${base}/index/config.json`, headers: jsonType, body: JSON.stringify({ dl }) },
  { url: `${base}/index/1/a`, body: JSON.stringify({ name: 'a', vers: '1.0.0', cksum: '0'.repeat(64) }) },
];
const mismatch = [{ verdict: 'mismatch' as const }];

/** Each lets a client install as `a` what is locked as `b`. */
const cases: readonly Case[] = [
  {
    trick: 'npm: the document of one package names the tarball of another',
    takes: 'b as a',
    answers: [packument('a', { '1.0.0': bTarball }), { url: bTarball, body: evil }],
    locks,
    says: mismatch,
  },
  {
    trick: 'npm: the same, where the lockfile does not have the one that is asked for',
    takes: 'b as a',
    answers: [packument('a', { '1.0.0': bTarball }), { url: bTarball, body: evil }],
    locks: onlyB,
    says: [{ verdict: 'unlocked' }],
  },
  {
    trick: 'npm: the document of the other package names the same tarball later',
    takes: 'b as a, and as b',
    answers: [
      packument('a', { '1.0.0': bTarball }),
      { url: bTarball, body: evil },
      packument('b', { '1.0.0': bTarball }),
    ],
    locks,
    says: mismatch,
  },
  {
    trick: 'npm: two packages have one tarball at a place that says nothing',
    takes: 'b as a, and as b',
    answers: [
      packument('a', { '1.0.0': `${base}/o` }),
      packument('b', { '1.0.0': `${base}/o` }),
      { url: `${base}/o`, body: evil },
    ],
    locks,
    says: mismatch,
  },
  {
    trick: 'npm: two versions have one tarball',
    takes: 'the bytes of 2.0.0 as 1.0.0',
    answers: [
      packument('a', { '1.0.0': `${base}/o`, '2.0.0': `${base}/o` }),
      { url: `${base}/o`, body: evil },
    ],
    locks: [lock('npm', { 'a@1.0.0': good, 'a@2.0.0': evil })],
    says: mismatch,
  },
  {
    trick: 'npm: the document says that it is of another package',
    takes: 'b as a',
    answers: [packument('a', { '1.0.0': `${base}/o` }, 'b'), { url: `${base}/o`, body: evil }],
    locks,
    says: mismatch,
  },
  {
    trick: 'npm: a redirect leads to another package',
    takes: 'b as a',
    answers: [redirect(aTarball, bTarball), { url: bTarball, body: evil }],
    locks,
    says: mismatch,
  },
  {
    trick: 'npm: two redirects lead to another package',
    takes: 'b as a',
    answers: [
      redirect(aTarball, `${base}/o`),
      redirect(`${base}/o`, bTarball),
      { url: bTarball, body: evil },
    ],
    locks,
    says: mismatch,
  },
  {
    trick: 'npm: another scope before the same name',
    takes: '@x/a',
    answers: [{ url: `${base}/@x/a/-/a-1.0.0.tgz`, body: good }],
    locks,
    says: [{ name: '@x/a', verdict: 'unlocked' }],
  },
  {
    trick: 'pip: a redirect leads to another package',
    takes: 'b as a',
    answers: [redirect(wheelOf('a'), wheelOf('b')), { url: wheelOf('b'), body: evil }],
    locks: pythonLocks,
    says: mismatch,
  },
  {
    trick: 'pip: a page links to a source distribution that another page calls otherwise',
    takes: 'b as a',
    answers: [
      page('a', `${base}/f/a-b-1.0.tar.gz`),
      page('a-b', `${base}/f/a-b-1.0.tar.gz`),
      { url: `${base}/f/a-b-1.0.tar.gz`, body: evil },
    ],
    locks: [lock('pypi', { 'a-b@1.0': evil })],
    says: [{ verdict: 'locked' }],
  },
  {
    trick: 'uv: a JSON index gives another file name than the URL has',
    takes: 'b as a',
    answers: [
      {
        url: `${base}/simple/a/`,
        headers: { 'content-type': 'application/vnd.pypi.simple.v1+json' },
        body: JSON.stringify({ files: [{ filename: 'a-1.0-py3-none-any.whl', url: wheelOf('b') }] }),
      },
      { url: wheelOf('b'), body: evil },
    ],
    locks: pythonLocks,
    says: mismatch,
  },
  {
    trick: 'cargo: the configuration puts the files at the place of another crate',
    takes: 'b as a',
    answers: [...crateIndex(`${base}/crates/b/{version}/download`), { url: download('b'), body: evil }],
    locks: crateLocks,
    says: mismatch,
  },
  {
    trick: 'cargo: a redirect leads to another crate',
    takes: 'b as a',
    answers: [redirect(download('a'), download('b')), { url: download('b'), body: evil }],
    locks: crateLocks,
    says: mismatch,
  },
];

it.each(cases)('$trick: a client takes $takes', async (one) => {
  expect(await judge(one)).toMatchObject(one.says);
});

it('what is asked for under its own name is locked, whatever redirects led to before', async () => {
  const answers = [
    redirect(aTarball, bTarball),
    { url: bTarball, body: evil },
    { url: bTarball, body: evil },
  ];
  const judged = await judge({ trick: '', takes: '', answers, locks, says: [] });
  expect(judged.map(({ urls, verdict }) => [urls.length, verdict])).toEqual([
    [2, 'mismatch'],
    [1, 'locked'],
  ]);
});
