import { join } from 'node:path';
import { listGemFiles } from './gem-config.ts';
import { listMercurialFiles } from './mercurial-config.ts';
import { listYarnFiles } from './named-proxies.ts';
import { recipes } from './recipes/index.ts';
import type { Contribution, RecipeContext, UserFile, Variables } from './types.ts';

/** The user's own files that `environmentFor` wants to know, where they would be. Most will not exist. */
export function listUserFiles(env: Variables, cwd: string): UserFile[] {
  const home = env['HOME'] ?? '';
  const inHome = (...parts: string[]) => (home === '' ? '' : join(home, ...parts));
  const xdg = env['XDG_CONFIG_HOME'];
  return [
    { name: 'wgetrc', path: env['WGETRC'] ?? inHome('.wgetrc') },
    { name: 'apt.conf', path: env['APT_CONFIG'] ?? '' },
    { name: 'gitconfig', path: env['GIT_CONFIG_GLOBAL'] ?? inHome('.gitconfig') },
    { name: 'gitconfig-xdg', path: xdg ? join(xdg, 'git', 'config') : inHome('.config', 'git', 'config') },
    ...listMercurialFiles(env),
    ...listGemFiles(env),
    { name: 'gitconfig-system', path: env['GIT_CONFIG_SYSTEM'] ?? '/etc/gitconfig' },
    { name: 'gcloud', path: gcloudFile(env, inHome('.config', 'gcloud')) },
    ...listYarnFiles(env, cwd),
    ...recipes
      .filter(({ value }) => value === 'ca-file')
      .map(({ variable }) => ({ name: variable, path: env[variable] ?? '' })),
  ].filter(({ path }) => path !== '');
}

function gcloudFile(env: Variables, fallback: string): string {
  const folder = env['CLOUDSDK_CONFIG'] ?? fallback;
  const name = env['CLOUDSDK_ACTIVE_CONFIG_NAME'] ?? 'default';
  return folder === '' ? '' : join(folder, 'configurations', `config_${name}`);
}

/**
 * The audit CA for a variable whose certificates join a tool's own: with what the user had there, and nothing else,
 * because Node 20 reads all of it whenever it starts (50 ms for a whole bundle).
 */
export function additionalCa({ userFiles, trust }: RecipeContext, variable: string): Contribution {
  const users = userFiles[variable];
  if (users === undefined) return { env: { [variable]: trust.caFile } };
  const path = join(trust.directory, `${variable}.pem`);
  return {
    env: { [variable]: path },
    files: [{ path, content: `${trust.caPem}${users}`, mode: trust.fileMode }],
  };
}

/** The user's wgetrc, then ours: of two settings wget takes the later one. */
export function wgetrc({ userFiles, proxyUrl, trust }: RecipeContext, variable: string): Contribution {
  const path = join(trust.directory, 'wgetrc');
  const ours = [
    `ca_certificate = ${trust.bundleFile}`,
    `http_proxy = ${proxyUrl}`,
    `https_proxy = ${proxyUrl}`,
    'use_proxy = on',
  ];
  return { env: { [variable]: path }, files: [configurationFile(path, userFiles['wgetrc'], ours)] };
}

/** Programs that fetch. Their own `Binary` section is the only one that apt applies after its configuration folder. */
const aptPrograms = ['apt', 'apt-get', 'apt-helper', 'aptitude'];

/** The user's APT_CONFIG, then ours. */
export function aptConf({ userFiles, proxyUrl, trust }: RecipeContext, variable: string): Contribution {
  const path = join(trust.directory, 'apt.conf');
  const settings = [
    `Acquire::http::Proxy "${proxyUrl}/";`,
    `Acquire::https::Proxy "${proxyUrl}/";`,
    `Acquire::https::CAInfo "${trust.bundleFile}";`,
    // A detection script would be asked after all this, and win.
    'Acquire::http::Proxy-Auto-Detect "";',
    'Acquire::https::Proxy-Auto-Detect "";',
  ];
  const ours = ['', ...aptPrograms.map((program) => `Binary::${program}::`)].flatMap((prefix) =>
    settings.map((setting) => prefix + setting),
  );
  return { env: { [variable]: path }, files: [configurationFile(path, userFiles['apt.conf'], ours)] };
}

/**
 * Settings of ours in a folder that PHP reads after all others; an empty part of the list is the folder that it was built
 * with. Its streams read no proxy from anywhere: they trust the audit CA, and are not seen.
 */
export function phpIni({ env, trust }: RecipeContext, variable: string): Contribution {
  if (/[:"]/.test(trust.directory)) return { env: {} };
  const settings = ['curl.cainfo', 'openssl.cafile'].map((name) => `${name} = "${trust.bundleFile}"\n`);
  return {
    env: { [variable]: appendPath(env[variable], trust.directory) },
    files: [{ path: join(trust.directory, 'php.ini'), content: settings.join(''), mode: trust.fileMode }],
  };
}

/** The list with the folder at its end, once: a shell may evaluate again what we print for it. */
function appendPath(list: string | undefined, folder: string): string {
  if (list === '') return folder;
  return list?.split(':').includes(folder) === true ? list : `${list ?? ''}:${folder}`;
}

/** The user's own settings, then ours. */
function configurationFile(path: string, users: string | undefined, ours: readonly string[]) {
  const content = [...(users === undefined ? [] : [users.trimEnd()]), ...ours, ''].join('\n');
  // The user's own may hold passwords.
  return { path, content, mode: 0o600 };
}
