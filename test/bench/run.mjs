// `npm run bench -- [--quick] [--long] [--only ROW]… [--without CONTENDER]… [--json FILE] [--mitmdump PATH]`: bundles the bench, then runs it.
import { build } from 'esbuild';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
// Below node_modules, so that the bundles find the packages they import.
const outdir = join(root, 'node_modules', '.cache', 'proxaudit-bench');
const programs = (await readdir(join(here, 'programs'))).map((name) => join(here, 'programs', name));

await build({
  entryPoints: [join(here, 'main.ts'), ...programs],
  entryNames: '[name]',
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(join(outdir, 'main.mjs')).href);
process.exitCode = await main(process.argv.slice(2), { root, programs: outdir });
