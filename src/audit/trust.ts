import { readFileSync, writeFileSync } from 'node:fs';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createRunCa,
  loadCa,
  loadMkcertCa,
  type CertificateAuthority,
  type TrustFiles,
} from '../certificates/index.ts';
import { environmentFor, listUserFiles, type ChildEnvironment } from '../environment/index.ts';
import type { AuditOptions, Variables } from './options.ts';

export function chooseCa(options: AuditOptions, runId: string): CertificateAuthority {
  switch (options.ca.kind) {
    case 'ephemeral':
      return createRunCa(runId);
    case 'mkcert':
      return loadMkcertCa(options.env);
    case 'files':
      return loadCa({ certFile: options.ca.certFile, keyFile: options.ca.keyFile });
  }
}

/** The child's environment, with the files that it names written into the trust directory. */
export function prepareEnvironment(
  options: AuditOptions,
  parts: {
    trust: TrustFiles;
    proxy: { host: string; port: number };
    runId: string;
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
    preloadFile: copyPreload(options.bundleDirectory, parts.trust.directory),
    userFiles: readUserFiles(options.env),
  });
  for (const { path, content, mode } of prepared.files) writeFileSync(path, content, { mode });
  return prepared;
}

/** Every Node process of the run must be able to read it, also one that runs as another user in root's run. */
function copyPreload(from: string, to: string): string {
  for (const name of ['preload.cjs', 'preload-fetch.cjs']) copyFileSync(join(from, name), join(to, name));
  return join(to, 'preload.cjs');
}

function readUserFiles(env: Variables): Record<string, string> {
  const contents: Record<string, string> = {};
  for (const { name, path } of listUserFiles(env)) {
    try {
      contents[name] = readFileSync(path, 'utf8');
    } catch {
      // Most do not exist.
    }
  }
  return contents;
}
