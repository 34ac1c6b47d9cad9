import type { ByteSource } from '../examine/byte-source.ts';
import { readRelease, type Release } from '../debian/release.ts';
import { readMavenMetadata, readPom, type Coordinates } from '../maven/groups.ts';
import { pickJson } from '../examine/pick-json.ts';
import { objectOf, textOf } from '../json.ts';
import type { ReadDocument } from './read-document.ts';

/** Documents that say little, however long they are: all of it is in the head. */
type Single<Head> = ReadDocument<Head, never> | undefined;

export function readReleaseFile(source: ByteSource): Single<Release> {
  const release = readRelease(wholeOf(source).toString());
  return release === undefined ? undefined : { head: release, rows: [] };
}

export function readPomFile(source: ByteSource): Single<Coordinates> {
  return { head: readPom(wholeOf(source)), rows: [] };
}

export function readMavenMetadataFile(source: ByteSource): Single<Coordinates> {
  return { head: readMavenMetadata(wholeOf(source)), rows: [] };
}

const gradleShape = {
  members: { component: { members: { group: 'text', module: 'text' } } },
} as const;

/** https://github.com/gradle/gradle/blob/master/platforms/documentation/docs/src/docs/design/gradle-module-metadata-latest-specification.md */
export function readGradleModule(source: ByteSource): Single<Coordinates> {
  const component = objectOf(pickJson(source, gradleShape)?.['component']);
  const head = { group: textOf(component?.['group']), artifact: textOf(component?.['module']) };
  return { head, rows: [] };
}

function wholeOf(source: ByteSource): Buffer {
  const pieces: Buffer[] = [];
  for (let piece = source.next(); piece !== undefined; piece = source.next()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
