import type * as audited from '../audit/index.ts';
import {
  HEADER_LEVELS,
  MAX_BODY_BYTES,
  isHostPattern,
  isLoopback,
  LOG_LEVELS,
  MAX_DRAIN_SECONDS,
  MAX_PORT,
  parseClientCertificate,
  parseResolveRule,
  REFUSAL_ANSWERS,
} from '../audit/index.ts';
import { AuditError } from '../support/errors.ts';
import type { AuditOptions, ProxyOptions } from './options.ts';

const PROXY_OPTIONS: Readonly<Record<keyof ProxyOptions, true>> = {
  env: true,
  cwd: true,
  output: true,
  lockfiles: true,
  baseline: true,
  passthrough: true,
  onRefusal: true,
  logHeaders: true,
  logBody: true,
  logLevel: true,
  includeLocal: true,
  resolve: true,
  ca: true,
  upstreamCa: true,
  upstreamProxy: true,
  clientCert: true,
  host: true,
  port: true,
  onEvent: true,
};
const AUDIT_OPTIONS: Readonly<Record<keyof AuditOptions, true>> = {
  ...PROXY_OPTIONS,
  stdin: true,
  stdout: true,
  stderr: true,
  drain: true,
  signal: true,
};

const DEFAULT_DRAIN_SECONDS = 2;

type Requirement = readonly [isMet: boolean, option: string, expected: string];

/** Throws `AuditError` code `bad-usage` for an option that is unknown or out of its range. */
export function checkProxyOptions(options: ProxyOptions, known: object = PROXY_OPTIONS): void {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name))
      throw refuse(`there is no option ${name}`, Object.keys(known).join(', '));
  }
  const { passthrough = [], host = '127.0.0.1', port, output, upstreamCa, onEvent } = options;
  const { upstreamProxy, clientCert = {} } = options;
  require([
    [
      isListOf(passthrough, isHostPattern),
      'passthrough',
      'a list of host names or *.SUFFIX, without scheme or port',
    ],
    [isOneOf(options.logHeaders, HEADER_LEVELS), 'logHeaders', '"none", "safe" or "all"'],
    [isWhole(options.logBody, MAX_BODY_BYTES), 'logBody', `a whole number from 0 to ${MAX_BODY_BYTES}`],
    [isOneOf(options.logLevel, LOG_LEVELS), 'logLevel', `one of ${LOG_LEVELS.join(', ')}`],
    [isOneOf(options.onRefusal, REFUSAL_ANSWERS), 'onRefusal', '"fail" or "tunnel"'],
    [isLoopback(host), 'host', 'a loopback address: 127.0.0.1, ::1 or localhost'],
    [isWhole(port, MAX_PORT), 'port', `a whole number from 0 to ${MAX_PORT}`],
    [output === undefined || output === null || isName(output), 'output', 'the name of a file, "-" or null'],
    [isLockfiles(options.lockfiles), 'lockfiles', '"find", "none" or a list of file names'],
    [isNameOrNone(options.baseline), 'baseline', 'the name of a file'],
    [isNameOrNone(upstreamCa), 'upstreamCa', 'the name of a file'],
    [isNameOrNone(upstreamProxy), 'upstreamProxy', 'the URL of a proxy, or "none"'],
    [
      Object.values(clientCert).every(isCertificate),
      'clientCert',
      'files, or { certFile, keyFile }, by host',
    ],
    [onEvent === undefined || typeof onEvent === 'function', 'onEvent', 'a function'],
    [isCa(options.ca), 'ca', '"ephemeral", "mkcert" or { certFile, keyFile }'],
  ]);
}

export function checkAuditOptions(options: AuditOptions): void {
  checkProxyOptions(options, AUDIT_OPTIONS);
  const { stdin = 'inherit', stdout = 'inherit', stderr = 'inherit', drain = 0, signal } = options;
  const outputs: readonly unknown[] = ['inherit', 'ignore', 'pipe'];
  const isInput = stdin === 'inherit' || stdin === 'ignore' || (stdin as unknown) instanceof Uint8Array;
  require([
    [isInput, 'stdin', '"inherit", "ignore" or a Uint8Array'],
    [outputs.includes(stdout), 'stdout', '"inherit", "ignore" or "pipe"'],
    [outputs.includes(stderr), 'stderr', '"inherit", "ignore" or "pipe"'],
    [isNumber(drain, MAX_DRAIN_SECONDS), 'drain', `a number of seconds from 0 to ${MAX_DRAIN_SECONDS}`],
    [signal === undefined || signal instanceof AbortSignal, 'signal', 'an AbortSignal'],
  ]);
}

/** The same options as the rest of the product knows them. They must have been checked. */
export function toProxyOptions(
  options: ProxyOptions & Pick<AuditOptions, 'drain'>,
  parts: Pick<audited.ProxyOptions, 'bundleDirectory' | 'onLine'>,
): audited.ProxyOptions {
  const { ca = 'ephemeral', drain = DEFAULT_DRAIN_SECONDS } = options;
  return {
    env: options.env ?? process.env,
    cwd: options.cwd ?? process.cwd(),
    output: options.output,
    ...whatIsRecorded(options),
    includeLocal: options.includeLocal === true,
    resolve: Object.entries(options.resolve ?? {}).map(([from, to]) => parseResolveRule(`${from}=${to}`)),
    ca: typeof ca === 'string' ? { kind: ca } : { kind: 'files', ...ca },
    upstreamCaFile: options.upstreamCa,
    upstreamProxy: options.upstreamProxy,
    clientCertificates: Object.entries(options.clientCert ?? {}).map(([place, files]) =>
      parseClientCertificate(
        `${place}=${typeof files === 'string' ? files : `${files.certFile},${files.keyFile}`}`,
      ),
    ),
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    drainMs: drain * 1000,
    lockfiles: options.lockfiles ?? 'find',
    baseline: options.baseline,
    waivers: [],
    ...parts,
  };
}

function whatIsRecorded(
  options: ProxyOptions,
): Pick<audited.ProxyOptions, 'passthrough' | 'onRefusal' | 'logHeaders' | 'logBody' | 'logLevel'> {
  return {
    passthrough: options.passthrough ?? [],
    onRefusal: options.onRefusal ?? 'fail',
    logHeaders: options.logHeaders ?? 'safe',
    logBody: options.logBody ?? 0,
    logLevel: options.logLevel ?? 'warn',
  };
}

function require(requirements: readonly Requirement[]): void {
  for (const [isMet, option, expected] of requirements) {
    if (!isMet) throw refuse(`the option ${option} is not right`, expected);
  }
}

function refuse(message: string, expected: string): AuditError {
  return new AuditError('bad-usage', message, { hint: `Expected ${expected}.` });
}

function isListOf(value: unknown, test: (text: string) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && test(item));
}

function isOneOf(value: unknown, allowed: readonly unknown[]): boolean {
  return value === undefined || allowed.includes(value);
}

function isNumber(value: unknown, max: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= max;
}

function isWhole(value: unknown, max: number): boolean {
  return value === undefined || (isNumber(value, max) && Number.isInteger(value));
}

function isLockfiles(value: unknown): boolean {
  return isOneOf(value, ['find', 'none']) || isListOf(value, isName);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isNameOrNone(value: unknown): boolean {
  return value === undefined || isName(value);
}

function isCertificate(value: NonNullable<ProxyOptions['clientCert']>[string]): boolean {
  return isName(value) || (typeof value === 'object' && isName(value.certFile) && isName(value.keyFile));
}

function isCa(value: ProxyOptions['ca']): boolean {
  if (value === undefined || value === 'ephemeral' || value === 'mkcert') return true;
  return typeof value === 'object' && isName(value.certFile) && isName(value.keyFile);
}
