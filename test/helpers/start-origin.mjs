// `node test/helpers/start-origin.mjs`: the tests' origin and its faults by hand. Prints ports and proxaudit's options as
// JSON, logs every exchange on stderr, and runs until its stdin closes or it is interrupted.
import { build } from 'esbuild';
import { fileURLToPath, pathToFileURL } from 'node:url';

const outfile = fileURLToPath(
  new URL('../../node_modules/.cache/proxaudit-origin/start.mjs', import.meta.url),
);
await build({
  entryPoints: [fileURLToPath(new URL('origin/start.ts', import.meta.url))],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
});
const { start } = await import(pathToFileURL(outfile).href);
await start();
