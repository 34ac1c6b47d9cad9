import { recipes } from './recipes/index.ts';
import type { ValueKind } from './recipes/index.ts';

/** Names under which a tool's processes appear, where it is not the tool's own name. */
const toolOfProcess: readonly (readonly [RegExp, string])[] = [
  [/^git(?:-remote-.*|-lfs)?$/, 'git'],
  [/^(?:npm|npx|pnpm|yarn|node|nodejs|node\d+|MainThread|node-MainThread)$/, 'node'],
  [/^(?:pip|pip\d[\d.]*)$/, 'pip'],
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^(?:cargo|cargo-.*)$/, 'cargo'],
  [/^(?:java|mvn|mvnw)$/, 'java'],
  [/^(?:apt|apt-get|aptitude|http|https)$/, 'apt'],
  [/^curl$/, 'curl'],
  [/^wget$/, 'wget'],
  [/^(?:go|gh|terraform|kubectl|ruby|uv|rustup.*)$/, 'openssl'],
];

type Wording = (variable: string, caFile: string) => string;

/** For kinds that make a tool trust the audit CA; the others only lead it to the proxy. */
const wordings: Partial<Record<ValueKind, Wording>> = {
  'ca-file': (variable, caFile) => `set ${variable}=${caFile}`,
  'bundle-file': (variable, caFile) => `set ${variable}=${caFile}`,
  'jvm-options': (variable, caFile) =>
    `keep the -Djavax.net.ssl.trustStore of ${variable}, or import ${caFile} with keytool`,
  'file:wgetrc': (variable, caFile) => `set ca_certificate = ${caFile} in the file that ${variable} names`,
  'file:apt.conf': (variable, caFile) =>
    `set Acquire::https::CAInfo "${caFile}" in the file that ${variable} names`,
};

/**
 * The line that mends a client's refusal of the audit CA. The variable it names was set for the command; what refused
 * had lost or overruled it.
 * @param processName as the system shows it; undefined where the client is not known
 * @param caFile the audit CA
 */
export function adviceForRefusal(processName: string | undefined, caFile: string): string {
  const setting = processName === undefined ? undefined : settingFor(processName, caFile);
  const trust = setting ?? `make it trust ${caFile} (most tools read SSL_CERT_FILE)`;
  const who = processName === undefined ? 'a client' : printable(processName);
  return `${who} does not trust the audit CA: ${trust}, or leave its host unread with --passthrough HOST`;
}

function settingFor(processName: string, caFile: string): string | undefined {
  const tool = toolOfProcess.find(([pattern]) => pattern.test(processName))?.[1];
  if (tool === undefined) return undefined;
  if (tool === 'python') return `set REQUESTS_CA_BUNDLE=${caFile} and SSL_CERT_FILE=${caFile}`;
  for (const { variable, value } of recipes.filter((recipe) => recipe.tool === tool)) {
    const wording = wordings[value];
    if (wording !== undefined) return wording(variable, caFile);
  }
  return undefined;
}

/** A process chooses its name itself. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 40);
}
