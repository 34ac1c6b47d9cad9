// https://pip.pypa.io/en/stable/reference/requirements-file-format
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuditError } from '../support/errors.ts';
import { parseLockfile, readLockfileBytes, type Show } from './load.ts';
import { readIncludes, requirements } from './parsers/requirements.ts';
import type { ReadLockfiles, Variables } from './types.ts';

/** More files than anybody splits requirements into. */
const MAX_FILES = 100;
const MAX_TOTAL_BYTES = 128_000_000;

/** Whether a text under any name is to be read so: it has hashes, or names other requirements. */
export function areRequirements(text: string): boolean {
  return requirements.accepts?.(text) === true || readIncludes(text).length > 0;
}

/**
 * Requirements with all that they name by `-r` and `-c`, each relative to the file that names it. They are one list to
 * pip and uv: when a file of it has hashes, all of them count; otherwise it locks nothing, and no file is returned.
 * @throws AuditError `bad-input` where the first file cannot be read.
 */
export async function loadRequirements(
  path: string,
  { show, variables }: { show: Show; variables: Variables },
): Promise<ReadLockfiles> {
  const texts = new Map([[path, readLockfileBytes(path, show(path))]]);
  const unread: { subject: string; reason: string }[] = [];
  let room = MAX_TOTAL_BYTES;
  for (const [file, bytes] of texts) {
    room -= bytes.length;
    for (const written of readIncludes(bytes.toString('utf8'))) {
      const named = locate(expandVariables(written, variables), file);
      if (named === undefined) {
        unread.push({ subject: written, reason: 'it is no file of this machine' });
        continue;
      }
      if (texts.has(named)) continue;
      if (texts.size >= MAX_FILES || room < 0) {
        unread.push({ subject: show(named), reason: `${show(path)} names more than is read` });
        continue;
      }
      const read = tryRead(named, show);
      if (typeof read === 'string') unread.push({ subject: show(named), reason: read });
      else texts.set(named, read);
    }
  }
  if (![...texts.values()].some((bytes) => requirements.accepts?.(bytes.toString('utf8'))))
    return { files: [], unread: [] };
  const files = await Promise.all(
    [...texts].map(async ([file, bytes]) => ({
      ...(await parseLockfile(requirements, bytes, show(file))),
      path: file,
    })),
  );
  return { files: files.filter((file) => file.entries.length > 0 || file.path === path), unread };
}

/** Undefined for what is elsewhere. */
function locate(named: string, by: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(named)) return resolve(dirname(by), named);
  try {
    return fileURLToPath(named);
  } catch {
    return undefined;
  }
}

/** As pip does: `${NAME}` alone, in capitals; what is not set stays. */
function expandVariables(text: string, variables: Variables): string {
  return text.replace(/\$\{([A-Z0-9_]+)\}/g, (whole, name: string) => variables[name] ?? whole);
}

function tryRead(path: string, show: Show): Buffer | string {
  try {
    return readLockfileBytes(path, show(path));
  } catch (error) {
    if (error instanceof AuditError) return error.message;
    throw error;
  }
}
