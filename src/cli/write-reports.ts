import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Chunks } from '../../reports/index.ts';
import type { Run } from '../model/run.ts';
import { refuseToOverwrite } from '../audit/file-kind.ts';
import { AuditError } from '../support/errors.ts';
import { makeDirectory } from '../support/make-directory.ts';
import { reasonOf } from '../support/reason-of.ts';
import { writeConfined } from './confined-report.ts';
import { replaceFile } from './replace-file.ts';
import type { ReportRequest } from './report-request.ts';
import { print, STDOUT } from './terminal.ts';

const BLOCK = 262_144;

export interface WrittenReports {
  /** The files. */
  readonly written: readonly string[];
  /** One for each report that could not be written; the others were. */
  readonly failed: readonly AuditError[];
}

/**
 * Writes the reports. Without a path a report goes to stdout or, where that is the command's, to the run directory.
 */
export async function writeReports(
  requests: readonly ReportRequest[],
  run: Run,
  place: { stdout: boolean; directory: string | null },
): Promise<WrittenReports> {
  const written: string[] = [];
  const failed: AuditError[] = [];
  // When the command has ended: a run does not need them before.
  const { renderers } = await import('../../reports/index.ts');
  for (const { format, path, isConfined } of requests) {
    const renderer = renderers[format];
    const onStdout = place.stdout && (path === undefined || path === '-');
    const file = path ?? join(place.directory ?? '.', `report.${renderer.extension}`);
    try {
      const blocks = inBlocks(renderer.render(run));
      if (onStdout) {
        for (const block of blocks) print(STDOUT, block);
        continue;
      }
      await writeTo(file, blocks, {
        isConfined: isConfined === true,
        isInRunDirectory: path === undefined && place.directory !== null,
      });
      written.push(file);
    } catch (cause) {
      failed.push(cause instanceof AuditError ? cause : cannotWrite(file, format, cause));
    }
  }
  return { written, failed };
}

/** Where the user names a file it is written, whatever is there, other than a journal: it may be a pipe or a link. */
async function writeTo(
  file: string,
  blocks: Iterable<string>,
  { isConfined, isInRunDirectory }: { isConfined: boolean; isInRunDirectory: boolean },
): Promise<void> {
  if (isConfined && !isInRunDirectory) return writeConfined(file, blocks);
  // A run may have taken hours: a directory that is missing is no reason to have no report.
  makeWay(file);
  if (isInRunDirectory) return replaceFile(file, blocks);
  refuseToOverwrite(file);
  return writeFile(file, blocks);
}

/** What is in its way shows when the file itself is written. */
function makeWay(file: string): void {
  try {
    makeDirectory(dirname(file));
  } catch {
    // As said.
  }
}

/** Pieces joined to what is worth a write. */
function* inBlocks(chunks: Chunks): Generator<string> {
  let block = '';
  for (const chunk of chunks) {
    block += chunk;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  yield block;
}

function cannotWrite(file: string, format: string, cause: unknown): AuditError {
  const reason = reasonOf(cause);
  return new AuditError('bad-input', `the report ${file} cannot be written: ${reason}`, {
    hint: `Nothing that was recorded is lost: "proxaudit report --report ${format}=PATH" makes it again.`,
    cause,
  });
}
