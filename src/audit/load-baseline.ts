import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseLock } from '../baseline/index.ts';
import type { Baseline } from '../model/baseline.ts';
import { AuditError } from '../support/errors.ts';
import { reasonOf } from '../support/reason-of.ts';
import { inPortions } from './in-portions.ts';
import type { ProxyOptions } from './options.ts';
import type { Recording } from './recording.ts';

const MAX_BYTES = 64 * 1024 * 1024;

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

const MAKE_ONE = '"proxaudit lock" writes one.';

/** Throws `AuditError` code `bad-input`. `shown` stands for the file in messages. */
export function readBaseline(file: string, shown: string): { baseline: Baseline; digest: string } {
  const bytes = read(file, shown);
  const digest = createHash('sha256').update(bytes).digest('hex');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AuditError('bad-input', `the baseline ${shown} is no UTF-8 text`, { hint: MAKE_ONE, cause });
  }
  return { baseline: parseLock(shown, text), digest };
}

function read(file: string, shown: string): Buffer {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = fstatSync(fd);
      if (!status.isFile()) throw new Error('it is no regular file');
      if (status.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    const reason = reasonOf(cause);
    throw new AuditError('bad-input', `the baseline ${shown} cannot be read: ${reason}`, {
      hint: MAKE_ONE,
      cause,
    });
  }
}
