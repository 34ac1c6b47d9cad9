import { createHash } from 'node:crypto';
import type { NamedFile } from './named-file.ts';
import { readCargoPublish } from './cargo.ts';
import { readNpmPublish } from './npm.ts';
import { readPythonUpload } from './pypi.ts';

/** How a request holds a package among other things. */
export interface PublishForm {
  readonly form: 'cargo' | 'npm' | 'pypi';
  /** Of the request; empty where there was none. */
  readonly contentType: string;
}

/** What is said of one. */
export interface PublishedFile extends Omit<NamedFile, 'content'> {
  readonly size: number;
  readonly sha256: string;
}

/** The packages that a request holds; none where it is not what it should be. */
export function readPublished(body: Buffer, { form, contentType }: PublishForm): PublishedFile[] {
  const readers = { cargo: readCargoPublish, npm: readNpmPublish, pypi: readPythonUpload };
  return readers[form](body, contentType).map(({ content, ...named }) => ({
    ...named,
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
}
