import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingCommand } from '../commands.ts';
import type { Twin } from '../scenario.ts';
import { downloadTwin, forEachUrl } from './download-twin.ts';
import type { Downloader } from './download-twin.ts';

interface SystemClient extends Pick<Downloader, 'argv' | 'schemes' | 'build'> {
  /** Its command is its name, and prints its version, unless another is given. */
  readonly name: string;
  readonly tools?: readonly string[];
  readonly version?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A store of its own, which needs no daemon and no root. */
const nixStore = ['STORE_DIR', 'STATE_DIR', 'LOG_DIR', 'CONF_DIR', 'LOCALSTATE_DIR']
  .map((name) => `export NIX_${name}="$PWD/nix/${name}"`)
  .join('; ');

/** Debian builds these on GnuTLS, which reads no variable, and they read no file that a variable names. */
const httpOnly = ['http'] as const;

const clients: readonly SystemClient[] = [
  { name: 'aria2c', argv: ['aria2c', '-q', '-d', 'downloads', '-Z'], schemes: httpOnly },
  // It asks twice and drops the first answer where it is long.
  { name: 'axel', argv: ['sh', '-c', 'axel -q -n1 -o downloads/ "$1"', 'sh'] },
  { name: 'elinks', argv: forEachUrl('elinks -source "$url" >"$file"') },
  {
    name: 'gh-api',
    argv: forEachUrl('gh api "$url" >"$file"'),
    version: ['gh', '--version'],
    env: { GH_TOKEN: 'twin', GH_CONFIG_DIR: 'gh', GH_NO_UPDATE_NOTIFIER: '1' },
  },
  {
    name: 'http',
    tools: ['requests'],
    argv: forEachUrl('http --ignore-stdin -q -q --download --output "$file" "$url"'),
    // It would ask for a newer version of itself.
    env: { HTTPIE_CONFIG_DIR: 'httpie' },
    build(directory) {
      mkdirSync(join(directory, 'httpie'));
      writeFileSync(join(directory, 'httpie', 'config.json'), '{"disable_update_warnings": true}');
    },
  },
  {
    name: 'kubectl-get',
    // Its cluster is the registry, whose certificate no kubeconfig vouches for.
    argv: forEachUrl(
      'kubectl --token twin --server "${url%/files/*}" get --raw "/files/${url##*/}" >"$file"',
    ),
    version: ['kubectl', 'version', '--client'],
  },
  { name: 'lftp', argv: forEachUrl('lftp -c "get -O downloads $url"'), schemes: httpOnly },
  { name: 'lynx', argv: forEachUrl('lynx -source "$url" >"$file"') },
  { name: 'w3m', argv: forEachUrl('w3m -dump_source "$url" >"$file"'), version: ['w3m', '-version'] },
  { name: 'wget2', argv: ['wget2', '-q', '-P', 'downloads'], schemes: httpOnly },
  {
    name: 'nix-prefetch-url',
    tools: ['nix'],
    argv: forEachUrl(`${nixStore}; cp "$(nix-prefetch-url --print-path "$url" | tail -n1)" "$file"`),
  },
];

/** Debian's general clients, fetching the same files into `downloads/`. */
export const systemClientTwins: readonly Twin[] = clients.map(
  ({ name, tools = ['openssl'], version = [name, '--version'], ...rest }) =>
    downloadTwin({ name, tools, version, available: () => missingCommand(version[0] ?? name), ...rest }),
);
