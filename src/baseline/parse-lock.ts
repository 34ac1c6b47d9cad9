import type { Baseline, BaselineArtifact } from '../model/baseline.ts';
import { AuditError } from '../support/errors.ts';
import { arrange } from './baseline-of.ts';
import { fieldOf } from './fields.ts';

const MAX_LINE = 16_384;
const MAX_LINES = 500_000;
const DIGEST =
  /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}|sha1:[0-9a-f]{40}|md5:[0-9a-f]{32}|h1:[\w+/]{43}=|gitCommit:(?:[0-9a-f]{40}|[0-9a-f]{64}))$/;
const HINT = '"proxaudit lock" writes such a file.';

/**
 * Reads what `formatLock` writes, in any order.
 * @param name stands for the file in messages.
 * @throws {AuditError} `bad-input`, which tells the line and what was expected in it.
 */
export function parseLock(name: string, text: string): Baseline {
  const lines = text.split('\n', MAX_LINES + 1);
  const fail = (number: number, problem: string): AuditError =>
    new AuditError('bad-input', `${name}:${number}: ${problem}`, { hint: HINT });
  if (lines.length > MAX_LINES) throw fail(MAX_LINES, `expected at most ${MAX_LINES} lines`);
  const hosts: string[] = [];
  const artifacts: BaselineArtifact[] = [];
  let hasVersion = false;
  for (const [index, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const read = readLine(line);
    if (typeof read === 'string') throw fail(index + 1, read);
    if (!hasVersion && read.kind !== 'version') throw fail(index + 1, 'expected "version 1" first');
    hasVersion = true;
    if (read.kind === 'host') hosts.push(read.host);
    if (read.kind === 'artifact') artifacts.push(read.artifact);
  }
  if (!hasVersion) throw fail(1, 'expected "version 1", and there is nothing');
  return arrange(hosts, artifacts);
}

type Line =
  | { readonly kind: 'version' }
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'artifact'; readonly artifact: BaselineArtifact };

/** A string says what was expected. */
function readLine(line: string): Line | string {
  if (line.length > MAX_LINE) return `expected at most ${MAX_LINE} characters`;
  if (/^(?:<{7}|={7}|>{7})/.test(line)) return 'a merge conflict is not resolved';
  const [word, ...fields] = line.trim().split(/ +/);
  if (fields.some((field) => fieldOf(field) !== field)) return 'expected no control or invisible characters';
  switch (word ?? '') {
    case 'version':
      if (fields.length === 1 && fields[0] === '1') return { kind: 'version' };
      return 'expected "version 1": a newer proxaudit may have written this file';
    case 'host':
      return fields.length === 1 ? { kind: 'host', host: fields[0] ?? '' } : 'expected "host NAME"';
    case 'artifact':
      return readArtifact(fields);
    default:
      return 'expected "version", "host" or "artifact"';
  }
}

function readArtifact([subject, digest, file, ...more]: readonly string[]): Line | string {
  if (subject === undefined || digest === undefined || more.length > 0)
    return 'expected "artifact PURL-OR-URL DIGEST [FILE]"';
  if (digest !== '-' && !DIGEST.test(digest)) {
    return 'expected a digest such as sha256:… with all its digits, or -';
  }
  return {
    kind: 'artifact',
    artifact: {
      subject,
      ...(file === undefined ? {} : { file }),
      digest: digest === '-' ? null : digest,
    },
  };
}
