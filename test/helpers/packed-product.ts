import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand, type CommandOptions, type CommandResult } from './origin/run-command.ts';
import { hermeticEnvironment } from './registries/client-environment.ts';

/** The product as it would be published. */
export interface PackedProduct {
  readonly packageFile: string;
  /** What is in it. */
  readonly files: readonly string[];
}

/** What a clean checkout has, apart from tests: npm runs the build in it before it packs. */
const CHECKOUT = [
  'bin',
  'src',
  'reports',
  'package.json',
  'tsconfig.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];

/** Makes a clean checkout: without what npm installs, and without what a build makes. */
export function copyCheckout(checkout: string): void {
  mkdirSync(checkout);
  for (const name of CHECKOUT.filter((entry) => existsSync(entry))) {
    cpSync(name, join(checkout, name), { recursive: true });
  }
}

/** Packs a clean checkout, by npm. */
export async function packProduct(directory: string, env: NodeJS.ProcessEnv): Promise<PackedProduct> {
  const checkout = join(directory, 'checkout');
  copyCheckout(checkout);
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
  const pack = ['npm', 'pack', '--json', '--pack-destination', directory];
  const { stdout } = await succeed(pack, { env, cwd: checkout });
  const [tarball] = JSON.parse(stdout.toString()) as { filename: string; files: { path: string }[] }[];
  return {
    packageFile: join(directory, tarball?.filename ?? ''),
    files: (tarball?.files ?? []).map(({ path }) => path),
  };
}

/** Installs it by npm, without any network; `where` are options of npm's. */
export async function installProduct(
  { packageFile }: PackedProduct,
  options: CommandOptions,
  ...where: readonly string[]
): Promise<void> {
  const quiet = ['--offline', '--no-audit', '--no-fund'];
  await succeed(['npm', 'install', ...quiet, ...where, packageFile], options);
}

/** The variables of somebody who has no configuration and no cache, and whose Node finds nothing of ours. */
export const installerEnvironment = (user: string): NodeJS.ProcessEnv => ({
  ...hermeticEnvironment(user),
  NODE_PATH: '',
  npm_config_cache: join(user, 'npm-cache'),
});

/** Runs a command that must succeed. */
export async function succeed(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const result = await runCommand(argv, options);
  if (result.code === 0) return result;
  throw new Error(`${argv.join(' ')} failed: ${result.stdout.toString()}${result.stderr}`);
}
