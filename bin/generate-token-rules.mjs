// Writes src/redaction/gitleaks-rules.ts from a copy of gitleaks' config/gitleaks.toml (MIT, release 8.30.1):
//   node bin/generate-token-rules.mjs path/to/gitleaks.toml
// Kept are the rules whose tokens begin with a telling literal. Rules that need the name of a service beside the
// value are left out: redaction knows secrets by their names already, and those rules would hide digests.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'smol-toml';
import { isOneSequence, literalHeads } from './literal-heads.mjs';

const MIN_HEAD = 3;
/** Not about tokens, bound to one host, slow, or also true of digests; src/redaction has forms of its own. */
const SKIPPED = new Set([
  'clickhouse-cloud-api-secret-key',
  'curl-auth-header',
  'curl-auth-user',
  'gitlab-session-cookie',
  'jwt',
  'jwt-base64',
  'microsoft-teams-webhook',
  'nuget-config-password',
  'private-key',
  'sendgrid-api-token',
  'sentry-org-token',
  'sidekiq-sensitive-url',
]);
/** A literal of this length tells enough by itself: what stands behind it need not look random. */
const TELLING_HEAD = 5;
/** What gitleaks accepts behind a token. In URLs more may stand there, so that is not asked for. */
const ENDS = [
  String.raw`(?:[\x60'"\s;]|\\[nr]|$)`,
  String.raw`(?:[\x60'"\s;]|\\[nr]|$|\b)`,
  String.raw`(?:[^\w-]|\z)`,
  String.raw`(?:[^a-zA-Z0-9+/]|\z)`,
  String.raw`\b`,
];

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: node bin/generate-token-rules.mjs path/to/gitleaks.toml');
  process.exit(2);
}
const source = await readFile(path, 'utf8');
const rules = parse(source)
  .rules.filter((rule) => isKept(rule))
  .flatMap((rule) => convert(rule));
const digest = createHash('sha256').update(source).digest('hex');
await writeFile('src/redaction/gitleaks-rules.ts', render(rules, digest));
console.log(`${rules.length} rules`);

function isKept({ id, regex }) {
  return regex !== undefined && !SKIPPED.has(id) && !/^(?:\(\?i\))?\[\\w\.-\]\{0,50\}\?/.test(regex);
}

/** Go's syntax in JavaScript's: flags hold for the whole pattern, since the literal head is compared as it is. */
function convert({ id, regex: source, entropy }) {
  const isCaseless = source.includes('(?i');
  let pattern = source.replace(/^\(\?i\)/, '');
  const startsWord = pattern.startsWith(String.raw`\b`);
  pattern = pattern.replace(/^\\b/, '');
  const end = ENDS.find((text) => pattern.endsWith(text));
  if (end !== undefined) pattern = pattern.slice(0, -end.length);
  pattern = pattern
    .replaceAll('(?i)', '')
    .replaceAll(/\(\?-?i:/g, '(?:')
    .replaceAll('[[:alnum:]]', '[A-Za-z0-9]')
    .replaceAll(/\((?!\?)/g, '(?:')
    .replace(/^\(\?:([^()|]*)\)$/, '$1');
  const heads = literalHeads(pattern);
  if (heads.length === 0 || heads.some((head) => head.length < MIN_HEAD)) return [];
  const isTelling = heads.every((head) => head.length >= TELLING_HEAD);
  const regex = new RegExp(`^${isOneSequence(pattern) ? pattern : `(?:${pattern})`}`, isCaseless ? 'i' : '');
  return [{ id, heads, startsWord, entropy: isTelling ? undefined : entropy, regex }];
}

function render(rules, digest) {
  const lines = rules.map(({ id, heads, startsWord, entropy, regex }) =>
    [
      `  // ${id}`,
      `  { prefixes: [${heads.map((head) => `'${head}'`).join(', ')}], startsWord: ${startsWord}, ${entropy === undefined ? '' : `entropy: ${entropy}, `}pattern: ${regex} },`,
    ].join('\n'),
  );
  return `/*!
 * Made by bin/generate-token-rules.mjs from gitleaks' config/gitleaks.toml, release 8.30.1
 * (sha256 ${digest}).
 * MIT License, Copyright (c) 2019 Zachary Rice; the text is in THIRD-PARTY-NOTICES.txt. Do not edit.
 */
import type { TokenRule } from './token-rules.ts';

// prettier-ignore
export const gitleaksRules: readonly TokenRule[] = [
${lines.join('\n')}
];
`;
}
