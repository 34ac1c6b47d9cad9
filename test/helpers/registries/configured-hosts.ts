import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Host names of the registries that the clients of this machine are configured for, as they and their files say
 * themselves. Loopback and names without a dot are left out.
 */
export function findConfiguredHosts(): string[] {
  const home = homedir();
  const cargo = process.env['CARGO_HOME'] ?? join(home, '.cargo');
  const addresses = [
    ...find(ask('npm', 'config', 'list', '--json'), /registry"?: *"([^"]+)"/g),
    ...find(ask('go', 'env', 'GOPROXY', 'GOSUMDB'), /([^\s,|]+)/g),
    ...find(ask('pip', 'config', 'list'), /(?:index-url|find-links)='([^']+)'/g),
    ...find(ask('pip', 'help', 'install'), /\(default:?\s+(https?:[^\s)]+)\)/g),
    ...find(withoutComments(read(join(cargo, 'config.toml'))), /"(?:sparse\+)?(https?:[^"]+)"/g),
    ...find(read(join(home, '.m2', 'settings.xml')), /<url>\s*([^<\s]+)\s*<\/url>/g),
    ...listAptSources().flatMap((file) => find(withoutComments(read(file)), /(https?:[^\s]+)/g)),
  ];
  return [...new Set(addresses.map(hostOf).filter((host) => host !== undefined))].sort();
}

function ask(command: string, ...args: readonly string[]): string {
  const { stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  return stdout ?? '';
}

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const withoutComments = (text: string): string => text.replaceAll(/^\s*#.*$/gm, '');
const find = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, address = '']) => address);

function listAptSources(): string[] {
  const folder = '/etc/apt/sources.list.d';
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return ['/etc/apt/sources.list', ...parts.filter((name) => /\.(?:list|sources)$/.test(name))];
}

function hostOf(address: string): string | undefined {
  const url = address.includes('://') ? address : `https://${address}`;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return /\w\.[a-z]/.test(host) ? host : undefined;
}
