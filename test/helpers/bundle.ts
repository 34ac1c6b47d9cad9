import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * Whoever imports `node:process` makes Node read all its properties, and reading `process.stdin`, `stdout` and `stderr`
 * opens them: shared pipes become non-blocking. The global is the same object.
 */
const globalProcess: Plugin = {
  name: 'global-process',
  setup: (bundle) => {
    bundle.onResolve({ filter: /^(node:)?process$/ }, () => ({
      path: 'process',
      namespace: 'global-process',
    }));
    bundle.onLoad({ filter: /.*/, namespace: 'global-process' }, () => ({
      contents: 'module.exports = globalThis.process',
    }));
  },
};

/** Bundles a TypeScript program, as the product is bundled, into a new directory; returns the file node can run. */
export async function bundleProgram(entry: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proxaudit-bundle-'));
  const outfile = path.join(directory, `${path.basename(entry, '.ts')}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'warning',
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    plugins: [globalProcess],
  });
  return outfile;
}
