// Bundles the product into dist/ (run by `npm run build` and by npm itself after an install from git or before packing).
import { build } from 'esbuild';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: true,
  keepNames: true,
  metafile: true,
  logLevel: 'warning',
  define: { PROXAUDIT_VERSION: JSON.stringify(version) },
};

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });

const product = await build({
  ...common,
  entryPoints: { cli: 'src/cli/main.ts' },
  format: 'esm',
  splitting: true,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  // Bundled CommonJS packages call require() for Node's own modules.
  banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
  // No library may print over the child's output: inside the bundle `console` is ours.
  inject: ['src/support/quiet-console.ts'],
});
