import type { Ancestor } from '../../src/model/exchange.ts';
import type { ProcessSummary, UploadSummary } from '../../src/model/run.ts';
import { describeCommand, times } from './describe-run.ts';
import { formatBytes, formatQuantity } from '../../src/support/quantities.ts';

const MAX_HOSTS = 3;
const MAX_METHOD = 20;

/** `left-pad@1.3.0 postinstall`, or the command line. */
export function nameOfProcess({ process }: Pick<ProcessSummary, 'process'>): string {
  if (process === null) return 'not known';
  const { package: packageName, script } = process;
  if (packageName !== undefined) return `${packageName} ${script ?? 'script'}`;
  const line = describeProgram({ ...process, command: withoutFolders(process.command) });
  return script === undefined ? line : `${line} (${script})`;
}

/**
 * As one would say it: `pip install`, not `/venv/bin/python3 /venv/bin/pip install`. A program without arguments keeps
 * its folder, which may be all that tells it apart: `/usr/lib/apt/methods/http`.
 */
function withoutFolders(command: readonly string[]): string[] {
  const [program = '', script = '', ...rest] = command;
  if (script === '') return [...command];
  const name = baseOf(program);
  if (!INTERPRETER.test(name) || !script.includes('/') || script.startsWith('-'))
    return [name, script, ...rest];
  const scriptName = baseOf(script);
  return scriptName.includes('.') ? [name, scriptName, ...rest] : [scriptName, ...rest];
}

const INTERPRETER = /^(?:python|pypy|ruby|perl|node|nodejs|php|bash|dash|sh)[\d.]*$/;

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

/** Its command line. A program that gave itself a title has that as its only argument. */
export function describeProgram({ name, command }: Ancestor): string {
  return command.length > 1 ? describeCommand(command) : (command[0] ?? name);
}

/** Whether a lifecycle script of a package asked. */
export function isLifecycle({ process }: ProcessSummary): boolean {
  return process?.ecosystem !== undefined;
}

/** `POST telemetry.example  1.2 kB sent`. */
export function describeUpload({ method, size, count }: UploadSummary, to: string): string {
  return times(`${method.slice(0, MAX_METHOD)} ${to}  ${formatBytes(size)} sent`, count);
}

/** `2 requests to cdn.example  1.5 MB in`; what was not read says so. */
export function describeAsked({ requests, tunnels, bytesIn, bytesOut, hosts }: ProcessSummary): string {
  const asked = [
    ...(requests > 0 ? [formatQuantity(requests, 'request')] : []),
    ...(tunnels > 0 ? [`${formatQuantity(tunnels, 'connection')} not read`] : []),
  ];
  const out = bytesOut > 0 ? `, ${formatBytes(bytesOut)} out` : '';
  return `${asked.join(' and ')} to ${describeHosts(hosts)}  ${formatBytes(bytesIn)} in${out}`;
}

/** The busiest, and how many more. */
export function describeHosts(hosts: ProcessSummary['hosts']): string {
  const more = hosts.length - MAX_HOSTS;
  const shown = hosts.slice(0, MAX_HOSTS).map(({ host }) => host);
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
