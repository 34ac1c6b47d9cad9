import { recipes } from './recipes/index.ts';
import type { ValueKind } from './recipes/index.ts';

/** Names under which a tool's processes appear, where it is not the tool's own name. */
const toolOfProcess: readonly (readonly [RegExp, string])[] = [
  [/^git(?:-remote-.*|-lfs)?$/, 'git'],
  [/^deno$/, 'deno'],
  [/^aws$/, 'aws'],
  [/^gcloud$/, 'gcloud'],
  [/^(?:npm|npx|pnpm|yarn|bun|bunx|node|nodejs|node\d+|MainThread|node-MainThread)$/, 'node'],
  [/^(?:pip|pip\d[\d.]*)$/, 'pip'],
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^(?:cargo|cargo-.*)$/, 'cargo'],
  [/^(?:java|mvn|mvnw|gradle|gradlew|ant|sbt)$/, 'java'],
  [/^(?:apt|apt-get|aptitude|http|https)$/, 'apt'],
  [/^curl$/, 'curl'],
  [/^wget$/, 'wget'],
  [/^hg$/, 'hg'],
  [/^nix(?:-.*|$)/, 'nix'],
  [/^(?:bundle|bundler)$/, 'bundler'],
  [/^php[\d.]*$/, 'php'],
  [/^composer$/, 'composer'],
  [/^(?:perl|cpan|cpanm|lwp-.*)$/, 'perl'],
  [/^(?:beam\.smp|erl|elixir|mix|rebar3)$/, 'erlang'],
  [/^(?:stack|cabal)$/, 'haskell'],
  [/^julia$/, 'julia'],
  [/^(?:R|Rscript)$/, 'curl'],
  [/^(?:poetry|pipenv|pdm|hatch|conda|mamba|az|gsutil)$/, 'python'],
  [
    /^(?:go|gh|terraform|tofu|kubectl|helm|skopeo|crane|dotnet|ruby|gem|uv|uvx|micromamba|rustup.*|lynx|elinks|w3m)$/,
    'openssl',
  ],
];

/** Tools that no variable of ours reached, and what does. */
const ownOptions: readonly (readonly [RegExp, (caFile: string) => string])[] = [
  [/^aria2c$/, (caFile) => `call it with --ca-certificate=${caFile}`],
  [
    /^bazel\b/,
    () =>
      'stop its server with "bazel shutdown" first, as it keeps the JAVA_TOOL_OPTIONS that it was started with, and let no --host_jvm_args of a .bazelrc name a truststore',
  ],
  [
    /^(?:cli|mono|mono-sgen)$/,
    (caFile) => `Mono trusts what cert-sync was given alone: give it ${caFile} too`,
  ],
  [
    /^(?:chrom(?:e|ium)|headless_shell|msedge|brave)\b/,
    (caFile) =>
      `call "certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n proxaudit -i ${caFile}", with a CA that lasts (--ca-cert, --ca mkcert)`,
  ],
  [/^lftp$/, (caFile) => `write "set ssl:ca-file ${caFile}" into ~/.lftprc`],
];

type Wording = (variable: string, caFile: string) => string;

/** For kinds that make a tool trust the audit CA; the others only lead it to the proxy. */
const wordings: Partial<Record<ValueKind, Wording>> = {
  'ca-file': (variable, caFile) => `set ${variable}=${caFile}`,
  'bundle-file': (variable, caFile) => `set ${variable}=${caFile}`,
  'jvm-options': (variable, caFile) =>
    `keep the -Djavax.net.ssl.trustStore of ${variable}, or import ${caFile} with keytool`,
  'file:wgetrc': (variable, caFile) => `set ca_certificate = ${caFile} in the file that ${variable} names`,
  'erlang-options': (variable, caFile) =>
    `keep the cacerts_path of ${variable}, and set HEX_CACERTS_PATH=${caFile} for Hex; write {ssl_cacerts_path, "${caFile}"}. into ~/.config/rebar3/rebar.config for rebar3`,
  'file:hgrc': (_, caFile) => `set web.cacerts=${caFile} in its configuration`,
  'file:php.ini': (variable, caFile) =>
    `set curl.cainfo and openssl.cafile to ${caFile} in a file of the folder that ${variable} names`,
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
  const own = ownOptions.find(([pattern]) => pattern.test(processName))?.[1];
  if (own !== undefined) return own(caFile);
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
