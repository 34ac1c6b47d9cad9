import { formatIds } from '../../reports/format-ids.ts';
import {
  HEADER_LEVELS,
  LOG_LEVELS,
  MAX_BODY_BYTES,
  MAX_DRAIN_SECONDS,
  MAX_PORT,
  REFUSAL_ANSWERS,
} from '../audit/index.ts';
import {
  parseCertificate,
  parseFile,
  parseHost,
  parseLoopback,
  parseNumber,
  parseRule,
} from './option-values.ts';
import type { OptionSpec, Takes } from './option-spec.ts';
import { parseFailOn } from './fail-on.ts';
import { parseConfinedFile, parseConfinedRequest, parseReportRequest } from './report-request.ts';

const file: Takes = { kind: 'one', parse: parseFile };
const number = (from: number, to: number, initial: number): Takes => ({
  kind: 'one',
  parse: (text) => parseNumber(text, { from, to, whole: true }),
  default: initial,
});

/** All options that have a variable; `--help` shows them in this order. */
export const optionTable: readonly OptionSpec[] = [
  {
    flags: '-o, --output <file>',
    description: 'write the journal to FILE (- is stderr)',
    scope: 'run',
    takes: file,
  },
  {
    flags: '--report <format[=path]>',
    description: `write a report, repeatable: ${formatIds.join(', ')}`,
    scope: 'run and report',
    takes: { kind: 'many', parse: parseReportRequest, separator: /\n+/ },
    parseFound: parseConfinedRequest,
  },
  {
    flags: '--summary <when>',
    description: 'the summary on stderr; auto leaves it to the outer one of two proxaudits',
    scope: 'run and report',
    takes: { kind: 'choice', choices: ['auto', 'always', 'never'], default: 'auto' },
  },
  { flags: '-q, --quiet', description: 'no summary', scope: 'run and report' },
  {
    flags: '--verbose',
    description: 'more in the summary: every host, artifact, failure and reason',
    scope: 'run and report',
  },
  {
    flags: '--fail-on <rule[,rule]>',
    description: 'exit 120 when such a finding stands: a rule, error, warning, incomplete or any; repeatable',
    scope: 'run and report',
    takes: { kind: 'many', parse: parseFailOn, separator: /[\s,]+/ },
  },
  {
    flags: '--lockfile <file>',
    description: 'check artifacts against this lockfile, not against those that are found; repeatable',
    scope: 'run',
    takes: { kind: 'many', parse: parseFile, separator: /\n+/ },
    parseFound: parseConfinedFile,
  },
  {
    flags: '--no-lockfiles',
    description: 'check artifacts against no lockfile',
    scope: 'run',
    parseFound: (text) => text,
  },
  {
    flags: '--baseline <file>',
    description: 'a proxaudit.lock: hosts and artifacts that it does not name are findings',
    scope: 'run',
    takes: file,
    parseFound: parseConfinedFile,
  },
  {
    flags: '--passthrough <host>',
    description: 'leave the connections to HOST (or *.SUFFIX) unread; repeatable',
    scope: 'run',
    takes: { kind: 'many', parse: parseHost },
  },
  {
    flags: '--on-refusal <what>',
    description: 'a client that refuses our CA: fail, or tunnel its next connections to that host unread',
    scope: 'run',
    takes: { kind: 'choice', choices: REFUSAL_ANSWERS, default: 'fail' },
  },
  { flags: '--include-local', description: 'audit connections to loopback too', scope: 'run' },
  {
    flags: '--resolve <host[:port]=addr[:port]>',
    description: 'dial ADDR for HOST; repeatable',
    scope: 'run',
    takes: { kind: 'many', parse: parseRule },
  },
  {
    flags: '--log-headers <which>',
    description: 'keep no headers, those of an allow-list, or all; secret ones only by name',
    scope: 'run',
    takes: { kind: 'choice', choices: HEADER_LEVELS, default: 'safe' },
  },
  {
    flags: '--log-body <bytes>',
    description: 'keep so much of each request and response body, redacted',
    scope: 'run',
    takes: number(0, MAX_BODY_BYTES, 0),
  },
  {
    flags: '--log-level <level>',
    description:
      'what proxaudit tells about its own work, in proxaudit.log of the run directory (none with -o -)',
    scope: 'run',
    takes: { kind: 'choice', choices: LOG_LEVELS, default: 'warn' },
  },
  {
    flags: '--upstream-ca <file>',
    description: 'trust these roots for upstream servers too',
    scope: 'run',
    takes: file,
  },
  {
    flags: '--upstream-proxy <url>',
    description: 'go through this proxy (http, https, socks5h, …), or none; default: what your variables say',
    scope: 'run',
    takes: { kind: 'one', parse: (text) => text },
  },
  {
    flags: '--client-cert <host[:port]=file>',
    description:
      'show HOST (or *.SUFFIX) this certificate: PEM or PKCS#12 with its key, or CERT,KEY; repeatable',
    scope: 'run',
    takes: { kind: 'many', parse: parseCertificate, separator: /\n+/ },
  },
  {
    flags: '--ca-cert <file>',
    description: 'use this CA instead of one made for the run',
    scope: 'run',
    takes: file,
  },
  { flags: '--ca-key <file>', description: 'its private key', scope: 'run', takes: file },
  {
    flags: '--ca <kind>',
    description: "use mkcert's CA; ephemeral is one made for the run",
    scope: 'run',
    takes: { kind: 'choice', choices: ['ephemeral', 'mkcert'] },
  },
  {
    flags: '--host <address>',
    description: 'listen on this loopback address',
    scope: 'run',
    takes: { kind: 'one', parse: parseLoopback, default: '127.0.0.1' },
  },
  {
    flags: '--port <number>',
    description: 'listen on this port; 0 is any free one',
    scope: 'run',
    takes: number(0, MAX_PORT, 0),
  },
  {
    flags: '--drain <seconds>',
    description: 'after the command ended, wait this long for what it left running',
    scope: 'run',
    takes: {
      kind: 'one',
      parse: (text) => parseNumber(text, { from: 0, to: MAX_DRAIN_SECONDS, whole: false }),
      default: 2,
    },
  },
  {
    flags: '--config <file>',
    description: 'read this configuration file and no other',
    scope: 'run and report',
    takes: file,
    isNoKey: true,
  },
];
