import { copyFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadCa, loadMkcertCa, type CertificateAuthority, type TrustFiles } from '../certificates/index.ts';
import { environmentFor, listUserFiles, type ChildEnvironment } from '../environment/index.ts';
import { AuditError } from '../support/errors.ts';
import { tryReadBounded } from '../support/read-bounded.ts';
import { reasonOf } from '../support/reason-of.ts';
import type { ProxyOptions } from './options.ts';

/** Most do not exist; a variable may name anything. */
const USER_FILE = { maxBytes: 1_000_000 };

/** The user's own CA; undefined when one is to be made for the run. */
export function loadChosenCa(options: ProxyOptions): CertificateAuthority | undefined {
  switch (options.ca.kind) {
    case 'ephemeral':
      return undefined;
    case 'mkcert':
      return loadMkcertCa(options.env);
    case 'files':
      return loadCa({ certFile: options.ca.certFile, keyFile: options.ca.keyFile });
  }
}

/** Makes what stands in the temporary directory. Throws `AuditError` where that has no room, or is none. */
export function withTemporaryFiles<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof AuditError || !(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new AuditError('cannot-start', `temporary files cannot be written: ${reasonOf(cause)}`, {
      hint: `Make room in ${tmpdir()}, or set TMPDIR to a directory that you can write to.`,
      cause,
    });
  }
}

/** The child's environment, with the files that it names written into the trust directory. */
export function prepareEnvironment(
  options: Pick<ProxyOptions, 'env' | 'cwd' | 'includeLocal' | 'bundleDirectory'>,
  parts: {
    trust: TrustFiles;
    proxy: { host: string; port: number };
    runId: string | undefined;
    command: readonly string[];
  },
): ChildEnvironment {
  const prepared = environmentFor({
    env: options.env,
    proxy: parts.proxy,
    trust: parts.trust,
    includeLocal: options.includeLocal,
    command: parts.command,
    runId: parts.runId,
    preloadFile: placePreload(options.bundleDirectory, parts.trust.directory),
    userFiles: readUserFiles(options),
  });
  for (const { path, content, mode } of prepared.files) writeFileSync(path, content, { mode });
  return prepared;
}

const preloadFiles = ['preload.cjs', 'preload-fetch.cjs'];

/**
 * Every Node process of the run loads it or does not start, also one of another user in root's run, so there it is
 * copied where the installed one cannot be read by all. Else the installed one serves: a daemon that outlives the run
 * keeps the variable that names it.
 */
function placePreload(from: string, to: string): string {
  if (process.getuid?.() !== 0 || preloadFiles.every((name) => isReadableByAll(join(from, name)))) {
    return join(from, 'preload.cjs');
  }
  for (const name of preloadFiles) copyFileSync(join(from, name), join(to, name));
  return join(to, 'preload.cjs');
}

const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o001;

function isReadableByAll(file: string): boolean {
  if ((statSync(file).mode & OTHERS_READ) === 0) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & OTHERS_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function readUserFiles({ env, cwd }: Pick<ProxyOptions, 'env' | 'cwd'>): Record<string, string> {
  const contents: Record<string, string> = {};
  for (const { name, path } of listUserFiles(env, cwd)) {
    const content = tryReadBounded(path, USER_FILE);
    if (content !== undefined) contents[name] = content.toString('utf8');
  }
  return contents;
}
