import type { ByteSource } from '../examine/byte-source.ts';
import type { ReadDocument } from './read-document.ts';
import { readCargoIndex } from './cargo-index.ts';
import { readPackument } from './npm-packument.ts';
import { readManifest } from './oci-manifest.ts';
import { readHtmlIndex, readJsonIndex } from './pypi-index.ts';
import { readGradleModule, readMavenMetadataFile, readPomFile, readReleaseFile } from './texts.ts';

/**
 * How documents are read, by their format: total, front to back, in bounded memory, and without anything that was known
 * before, so that it can be done anywhere. They give undefined for what is no such document, and throw `BeyondLimit`.
 */
export const documentReaders = {
  'cargo-index': readCargoIndex,
  'debian-release': readReleaseFile,
  'gradle-module': readGradleModule,
  'maven-metadata': readMavenMetadataFile,
  'maven-pom': readPomFile,
  'npm-packument': readPackument,
  'oci-manifest': readManifest,
  'pypi-html': readHtmlIndex,
  'pypi-json': readJsonIndex,
} satisfies Readonly<Record<string, DocumentReader>>;

export type DocumentReader = (source: ByteSource) => ReadDocument<unknown, unknown> | undefined;

export type DocumentFormat = keyof typeof documentReaders;
type Read<Format extends DocumentFormat> = NonNullable<ReturnType<(typeof documentReaders)[Format]>>;
export type HeadOf<Format extends DocumentFormat> = Read<Format>['head'];
export type RowOf<Format extends DocumentFormat> = Read<Format>['rows'][number];
