import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { formatOf, SIGNATURE_BYTES } from '../../reports/signatures.ts';
import { AuditError } from '../support/errors.ts';
import { tryReadStart } from '../support/read-bounded.ts';
import { FILE_NAME } from './find-configuration.ts';
import { replaceFile } from './replace-file.ts';
import type { ReportRequest } from './report-request.ts';

/**
 * Refuses, before anything is run, reports of a `proxaudit.yaml` in the working directory that would replace what is no
 * report of ours: the code under audit may have written that file.
 * @throws {AuditError} `bad-usage`
 */
export function refuseForeignFiles(reports: readonly ReportRequest[]): void {
  for (const { format, path, isConfined } of reports) {
    if (isConfined !== true || path === undefined) continue;
    try {
      expectWithin(path);
      expectOwn(path);
    } catch (cause) {
      // A directory may be made by the command: what becomes of it shows at the end.
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') continue;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AuditError('bad-usage', `${FILE_NAME}: report ${format}=${path} is refused: ${reason}`, {
        hint: `Name another file there, or ask for it yourself, which replaces it: --report ${format}=${path}`,
        cause,
      });
    }
  }
}

/**
 * Writes such a report. What is there is looked at again, as the command may have put it there.
 * @throws Error which `reasonOf` understands.
 */
export async function writeConfined(file: string, blocks: Iterable<string>): Promise<void> {
  const target = join(expectWithin(file), basename(file));
  await replaceFile(target, blocks, () => {
    expectWithin(file);
    expectOwn(target);
  });
}

/** The real directory of a file in the working directory. Throws for one that a link leads out of it. */
function expectWithin(file: string): string {
  const [folder, root] = [realpathSync(dirname(file)), realpathSync('.')];
  if (folder === root || folder.startsWith(root === sep ? sep : root + sep)) return folder;
  throw new Error('it leads out of the working directory');
}

/** Throws for what is there and is no report that proxaudit wrote. */
function expectOwn(file: string): void {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (!status.isFile()) throw new Error(`${kindOf(status)} is there, and is not replaced`);
  const start = tryReadStart(file, SIGNATURE_BYTES);
  if (start === undefined) throw new Error('what is there cannot be read, and is not replaced');
  if (formatOf(start.toString('utf8')) === undefined)
    throw new Error('the file that is there is no report of proxaudit, and is not replaced');
}

function kindOf(status: Stats): string {
  if (status.isSymbolicLink()) return 'a symbolic link';
  return status.isDirectory() ? 'a directory' : 'a device or pipe';
}
