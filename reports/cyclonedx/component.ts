import type { Artifact, DigestAlgorithm, Digests, ExpectedDigest } from '../../src/model/artifact.ts';
import type { Process } from '../../src/model/exchange.ts';
import type { ReportedArtifact } from '../../src/model/run.ts';
import { toUriReference } from '../text/uri.ts';
import { identify } from './identity.ts';
import { properties, property, type Property } from './property.ts';

const TYPES: Readonly<Record<Artifact['class'], string>> = {
  package: 'library',
  commit: 'library',
  archive: 'file',
  blob: 'file',
  file: 'file',
  script: 'file',
  binary: 'application',
  image: 'container',
};

/** Those of our digests that CycloneDX knows. */
const ALGORITHMS: Readonly<Partial<Record<DigestAlgorithm, string>>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

/** Makes components whose `bom-ref` is their purl, or counted where that would not be unique. */
export function createComponents(): (artifact: ReportedArtifact) => object {
  const seen = new Map<string, number>();
  return (artifact) => {
    const name = artifact.purl ?? 'artifact';
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return toComponent(artifact, artifact.purl !== null && count === 1 ? name : `${name}#${count}`);
  };
}

function toComponent(artifact: ReportedArtifact, ref: string): object {
  const { purl, version, digests, expected, urls } = artifact;
  const hashes = hashesOf(digests);
  return {
    type: TYPES[artifact.class],
    'bom-ref': ref,
    ...nameOf(artifact),
    ...(version === null ? {} : { version }),
    ...(hashes.length === 0 ? {} : { hashes }),
    ...(purl === null ? {} : { purl }),
    ...(urls.length === 0 ? {} : { externalReferences: referencesOf(artifact, hashes) }),
    evidence: { identity: [identify(artifact)], ...occurrencesOf(expected) },
    properties: describe(artifact),
  };
}

/** npm's scope and Maven's group have a member of their own. */
function nameOf({ ecosystem, name }: Artifact): { group?: string; name: string } {
  const [, group, rest] =
    (ecosystem === 'npm' ? /^(@[^/]+)\/(.+)$/ : ecosystem === 'maven' ? /^([^:]+):(.+)$/ : /^$/).exec(name) ??
    [];
  return group === undefined || rest === undefined ? { name } : { group, name: rest };
}

function hashesOf(digests: Digests): { alg: string; content: string }[] {
  return Object.entries(ALGORITHMS).flatMap(([algorithm, alg]) => {
    const content = digests[algorithm as DigestAlgorithm];
    return content === undefined || !/^[0-9a-f]+$/.test(content) ? [] : [{ alg, content }];
  });
}

/** The URL that was asked for, then those that it led to. */
function referencesOf({ class: kind, urls }: Artifact, hashes: readonly object[]): object[] {
  return urls.map((url, index) => ({
    type: kind === 'commit' ? 'vcs' : 'distribution',
    url: toUriReference(url),
    ...(index === 0 ? {} : { comment: 'redirected to' }),
    ...(hashes.length === 0 || kind === 'commit' ? {} : { hashes }),
  }));
}

/** Where lockfiles name it. */
function occurrencesOf(expected: readonly ExpectedDigest[]): { occurrences?: object[] } {
  const lines = new Map(
    expected
      .filter(({ source }) => source === 'lockfile')
      .map(({ from, line }) => [
        `${from}:${line ?? ''}`,
        { location: from, ...(line === undefined ? {} : { line }) },
      ]),
  );
  return lines.size === 0 ? {} : { occurrences: [...lines.values()] };
}

function describe(artifact: ReportedArtifact): Property[] {
  const { digests, encoded, expected } = artifact;
  return [
    property('verdict', artifact.verdict),
    property('identifiedBy', artifact.identifiedBy),
    property('ecosystem', artifact.ecosystem),
    property('class', artifact.class),
    property('size', String(artifact.size)),
    ...properties('fileName', artifact.fileName),
    ...properties('commit', artifact.commit),
    ...properties('digest:h1', digests.h1),
    ...properties('digest:gitCommit', digests.gitCommit),
    ...properties('encoded:sha256', encoded?.digests.sha256),
    ...expected.map((statement) => property('expected', describeExpected(statement))),
    ...artifact.exchangeIds.map((id) => property('exchange', id)),
    ...(artifact.runIds ?? []).map((id) => property('run', id)),
    ...describeProcess(artifact.process),
  ];
}

function describeExpected({ source, from, line, algorithm, value, result }: ExpectedDigest): string {
  return `${result}: ${algorithm} ${value} by ${source} ${from}${line === undefined ? '' : `:${line}`}`;
}

function describeProcess(process: Process | undefined): Property[] {
  if (process === undefined) return [];
  return [
    property('process', process.name),
    ...properties('process:package', process.package),
    ...properties('process:script', process.script),
  ];
}
