import { sha256 } from '../../origin/random.ts';
import { bytes, redirect, typed, type Answer, type Reply } from '../reply.ts';
import { apt, control, deb, release, stanza } from '../stages/apt.ts';
import { mvn, sidecar } from '../stages/mvn.ts';
import type { Client } from '../stage.ts';
import type { Trick } from '../trick.ts';

interface SystemTrick {
  readonly id: string;
  readonly kind?: Trick['kind'];
  readonly says: string;
  readonly answers: (base: string) => Readonly<Record<string, Answer>>;
}

const text = (body: string): Reply => typed('text/plain', body);

/** Maven believes headers before sidecars, and warns of neither. */
const maven: readonly SystemTrick[] = [
  {
    id: 'sidecar-lies',
    says: 'a sidecar of other bytes',
    answers: () => ({ [mvn.file]: bytes(mvn.evil), [`${mvn.file}.sha1`]: sidecar(mvn.good) }),
  },
  {
    id: 'sidecar-of-two',
    says: 'a sidecar with two digests',
    answers: () => ({
      [mvn.file]: bytes(mvn.evil),
      [`${mvn.file}.sha1`]: text(
        `${sidecar(mvn.evil).body.toString()} ${sidecar(mvn.good).body.toString()}\n`,
      ),
    }),
  },
  {
    id: 'sidecar-with-words',
    says: 'a sidecar whose digest stands behind words',
    answers: () => ({
      [mvn.file]: bytes(mvn.evil),
      [`${mvn.file}.sha1`]: text(`SHA1(demo.jar)= ${sidecar(mvn.evil).body.toString()}\n`),
    }),
  },
  { id: 'no-sidecar', says: 'no sidecar at all', answers: () => ({ [mvn.file]: bytes(mvn.evil) }) },
  {
    id: 'other-sidecar',
    says: 'no .sha1, and an .md5 that lies',
    answers: () => ({ [mvn.file]: bytes(mvn.evil), [`${mvn.file}.md5`]: sidecar(mvn.good, 'md5') }),
  },
  {
    id: 'jar-from-other-group',
    kind: 'redirect',
    says: 'a redirect to the jar of another group',
    answers: (base) => ({
      [mvn.file]: redirect(`${base}/maven/org/other/demo/1.0/demo-1.0.jar`),
      '/maven/org/other/demo/1.0/demo-1.0.jar': bytes(mvn.evil),
    }),
  },
  {
    id: 'pom-of-other-group',
    says: 'a POM that says another group',
    answers: () => ({
      [mvn.file]: bytes(mvn.evil),
      [mvn.file.replace('.jar', '.pom')]: text(
        '<project><modelVersion>4.0.0</modelVersion><groupId>org.other</groupId><artifactId>demo</artifactId><version>1.0</version></project>',
      ),
    }),
  },
];

const indexed = (packages: string, listed = packages): Record<string, Answer> => ({
  '/debian/Release': text(release(listed)),
  '/debian/Packages': text(packages),
});

const debian: readonly SystemTrick[] = [
  {
    id: 'two-stanzas',
    says: 'two stanzas of the package, the evil one last',
    answers: () => ({ ...indexed(stanza(apt.good) + stanza(apt.evil)), [apt.file]: bytes(apt.evil) }),
  },
  {
    id: 'two-stanzas-good-last',
    says: 'two stanzas of the package, the good one last',
    answers: () => ({ ...indexed(stanza(apt.evil) + stanza(apt.good)), [apt.file]: bytes(apt.evil) }),
  },
  {
    id: 'two-digests',
    says: 'a stanza with two SHA256',
    answers: () => ({
      ...indexed(stanza(apt.good, `SHA256: ${sha256(apt.evil)}\n`)),
      [apt.file]: bytes(apt.evil),
    }),
  },
  {
    id: 'release-of-other-index',
    says: 'a Release that lists another index',
    answers: () => ({ ...indexed(stanza(apt.evil), stanza(apt.good)), [apt.file]: bytes(apt.evil) }),
  },
  {
    id: 'control-of-other',
    kind: 'archive',
    says: 'a package whose control file has another name',
    answers: () => ({ ...indexed(stanza(deb('evil', 'other'))), [apt.file]: bytes(deb('evil', 'other')) }),
  },
  {
    id: 'path-with-dots',
    kind: 'name',
    says: 'a Filename with dots and escapes',
    answers: () => ({
      ...indexed(stanza(apt.evil).replace('pool/', './pool/../pool/%64/')),
      '/debian/./pool/../pool/%64/demo_1.0-1_all.deb': bytes(apt.evil),
      '/debian/pool/%64/demo_1.0-1_all.deb': bytes(apt.evil),
      '/debian/pool/d/demo_1.0-1_all.deb': bytes(apt.evil),
    }),
  },
  {
    id: 'index-without-digests',
    says: 'an index without digests',
    answers: () => ({
      ...indexed(`${control()}Filename: pool/demo_1.0-1_all.deb\nSize: ${apt.evil.length}\n\n`),
      [apt.file]: bytes(apt.evil),
    }),
  },
];

const of = (client: Client, tricks: readonly SystemTrick[]): Trick[] =>
  tricks.map(({ id, kind = 'index', says, answers }) => ({
    id: `${client}-${id}`,
    kind,
    says,
    plays: {
      [client]: ({ base, stage, honest }: Parameters<NonNullable<Trick['plays']['mvn']>>[0]) => {
        const registry = honest({ file: stage.evil });
        registry.delete(`${stage.file}.sha1`);
        return new Map([...registry, ...Object.entries(answers(base))]);
      },
    },
  }));

export const systemTricks: readonly Trick[] = [...of('mvn', maven), ...of('apt', debian)];
