import type { Control } from '../debian/control.ts';
import type { PackageIndexLimits, ReadIndex } from '../debian/package-index-reader.ts';
import type { DocumentFormat } from '../documents/index.ts';
import type { PackContents, PackInput } from '../git/pack-objects.ts';
import type { ModuleZip } from '../golang/module-zip.ts';
import type { PublishedFile, PublishForm } from '../publish/read-published.ts';

import type { Body } from './body.ts';

/** What is examined, by its kind: what for, and what it comes to. Plain values, as they cross threads. */
export interface Jobs {
  /** Its head; where there are rows, that is the first of what is handed over. */
  readonly document: { readonly input: Body & { readonly format: DocumentFormat }; readonly output: unknown };
  readonly 'go-module': { readonly input: Body & { readonly version: string }; readonly output: ModuleZip };
  /** Its rows are `IndexEntry`s. */
  readonly 'package-index': { readonly input: Body & PackageIndexLimits; readonly output: ReadIndex };
  readonly control: { readonly input: Body; readonly output: Control | undefined };
  readonly 'git-pack': { readonly input: PackInput; readonly output: PackContents };
  readonly publish: { readonly input: Body & PublishForm; readonly output: readonly PublishedFile[] };
}

export type JobKind = keyof Jobs;
/** Takes the entries of a document, some at a time, in their order. */
export type TakeRows = (rows: readonly unknown[]) => void;
