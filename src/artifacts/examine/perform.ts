import { readFileSync } from 'node:fs';
import { readControl } from '../debian/control.ts';
import { readPackageIndex } from '../debian/package-index-reader.ts';
import { documentReaders, type DocumentReader } from '../documents/index.ts';
import { findObjects } from '../git/pack-objects.ts';
import { readModuleZip } from '../golang/module-zip.ts';
import { readPublished } from '../publish/read-published.ts';
import { sourceOfBytes, withFile } from './byte-source.ts';
import type { Body } from './body.ts';
import type { JobKind, Jobs } from './jobs.ts';
import { BATCH } from './limits.ts';

/** Hands entries over; waits until they are taken. */
export type Emit = (rows: readonly unknown[]) => Promise<void>;
type Work<Kind extends JobKind> = (
  input: Jobs[Kind]['input'],
  emit: Emit,
) => Jobs[Kind]['output'] | Promise<Jobs[Kind]['output']>;

const works: { readonly [Kind in JobKind]: Work<Kind> } = {
  async document(input, emit) {
    const read: DocumentReader = documentReaders[input.format];
    const document = 'file' in input ? withFile(input.file, read) : read(sourceOfBytes(bytesOf(input)));
    const rows: readonly unknown[] = document?.rows ?? [];
    // Those who take the rows must know the head before.
    if (rows.length > 0) await emit([document?.head]);
    for (let at = 0; at < rows.length; at += BATCH) await emit(rows.slice(at, at + BATCH));
    return document?.head;
  },
  'go-module': (input) =>
    'file' in input ? readModuleZip(input.file, input.version) : { kind: 'unreadable' },
  'package-index': (input, emit) => readPackageIndex(input, emit),
  control: (input) => readControl(bytesOf(input)),
  'git-pack': findObjects,
  publish: (input) => readPublished(bytesOf(input), input),
};

/** Does what a job asks for. Throws `BeyondLimit`. */
export function perform<Kind extends JobKind>(
  kind: Kind,
  input: Jobs[Kind]['input'],
  emit: Emit,
): Jobs[Kind]['output'] | Promise<Jobs[Kind]['output']> {
  return works[kind](input, emit);
}

function bytesOf(body: Body): Buffer {
  if ('file' in body) return readFileSync(body.file);
  const { bytes } = body;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
