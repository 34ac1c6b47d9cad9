import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { parseLock } from '../baseline/index.ts';
import type { Baseline } from '../model/baseline.ts';
import { AuditError } from '../support/errors.ts';
import { decodeText, readBounded } from '../support/read-bounded.ts';
import { reasonOf } from '../support/reason-of.ts';
import { expectKind } from './file-kind.ts';
import { inPortions } from './in-portions.ts';
import type { ProxyOptions } from './options.ts';
import type { Recording } from './recording.ts';

const MAX_BYTES = 64_000_000;

/** Reads and records the baseline as it is before the command starts. Throws `AuditError` code `cannot-start`. */
export function loadBaseline({ baseline: path, cwd }: ProxyOptions, { record, redactor }: Recording): void {
  if (path === undefined) return;
  const shown = redactor.text(path);
  let read: { baseline: Baseline; digest: string };
  try {
    read = readBaseline(resolve(cwd, path), shown);
  } catch (cause) {
    if (!(cause instanceof AuditError)) throw cause;
    const { message, hint } = cause;
    throw new AuditError('cannot-start', message, { ...(hint === undefined ? {} : { hint }), cause });
  }
  const { baseline, digest } = read;
  const type = 'baseline-loaded';
  for (const hosts of inPortions(baseline.hosts)) record({ type, path: shown, digest, hosts, artifacts: [] });
  for (const artifacts of inPortions(baseline.artifacts)) {
    if (artifacts.length > 0) record({ type, path: shown, digest, hosts: [], artifacts });
  }
}

/** Throws `AuditError` code `bad-input`. `shown` stands for the file in messages. */
export function readBaseline(file: string, shown: string): { baseline: Baseline; digest: string } {
  expectKind(file, 'lock file', shown);
  const { text, digest } = read(file, shown);
  return { baseline: parseLock(shown, text), digest };
}

function read(file: string, shown: string): { text: string; digest: string } {
  try {
    const bytes = readBounded(file, { maxBytes: MAX_BYTES });
    return { text: decodeText(bytes), digest: createHash('sha256').update(bytes).digest('hex') };
  } catch (cause) {
    throw new AuditError('bad-input', `the baseline ${shown} cannot be read: ${reasonOf(cause)}`, {
      hint: '"proxaudit lock" writes one.',
      cause,
    });
  }
}
