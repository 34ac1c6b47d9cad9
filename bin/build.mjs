// Bundles the product into dist/ (run by `npm run build`, and by npm itself after `npm ci` and before packing).
import { build } from 'esbuild';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { declareTypes } from './declare-types.mjs';
import { emitCommonJs } from './emit-common-js.mjs';
import { globalProcess } from './global-process.mjs';
import { withoutUnusedParts } from './without-unused-parts.mjs';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: true,
  metafile: true,
  logLevel: 'warning',
  define: { PROXAUDIT_VERSION: JSON.stringify(version), 'import.meta.dirname': '__dirname' },
};

await rm('dist', { recursive: true, force: true });

const product = await build({
  ...common,
  entryPoints: {
    'chunks/dispatch': 'src/cli/dispatch.ts',
    index: 'src/library/index.ts',
    'journal-schema': 'src/run/journal-schema.ts',
  },
  format: 'esm',
  splitting: true,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  write: false,
  inject: ['bin/quiet-console.mjs'],
  plugins: [globalProcess, withoutUnusedParts],
  // Native, for a feature of mockttp that is not used; it stays unloaded.
  external: ['tls-impersonate'],
});
await emitCommonJs(product);
// Small, and apart: what must be in place before the rest is loaded, and what loads it.
const entry = await build({
  ...common,
  entryPoints: { cli: 'src/cli/main.ts' },
  format: 'cjs',
  outdir: 'dist',
});
// Every Node of the command loads these, however old it is.
const buildPreload = (entryPoints, target) =>
  build({ ...common, entryPoints, target, format: 'cjs', outdir: 'dist', outExtension: { '.js': '.cjs' } });
const preload = await buildPreload({ preload: 'src/environment/node-preload/preload.ts' }, 'node12');
const preloadFetch = await buildPreload(
  { 'preload-fetch': 'src/environment/node-preload/fetch-dispatcher.ts' },
  'node18',
);
const examine = await build({
  ...common,
  entryPoints: { examine: 'src/artifacts/examine/thread.ts' },
  format: 'cjs',
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
});

const { createJournalSchema } = await import(join(process.cwd(), 'dist/journal-schema.js'));
await writeFile('dist/journal.schema.json', `${JSON.stringify(createJournalSchema(), null, 2)}\n`);
await writeFile('dist/index.d.ts', declareTypes('src/library/index.ts'));
await writeFile(
  'dist/THIRD-PARTY-NOTICES.txt',
  await collectNotices([product, entry, preload, preloadFetch, examine].map(({ metafile }) => metafile)),
);

/** The licences of every package of which a line stands in the bundle. */
async function collectNotices(metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
        if (match !== null && bytesInOutput > 0) folders.add(match[1]);
      }
    }
  }
  const notices = [];
  for (const folder of [...folders].sort()) {
    const {
      name,
      version: packageVersion,
      license,
      author,
    } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file === undefined
        ? await writeLicence(license, author)
        : (await readFile(join(folder, file), 'utf8')).trim();
    notices.push(`${name} ${packageVersion}: ${license ?? 'the licence below'}\n\n${text}\n`);
  }
  // What is not in node_modules: tables that were made from the data of others.
  for (const file of (await readdir('bin/notices')).sort()) {
    notices.push(`${(await readFile(join('bin/notices', file), 'utf8')).trim()}\n`);
  }
  return `proxaudit's bundle contains code of the packages below.\n\n${notices.join(`\n${'-'.repeat(78)}\n\n`)}`;
}

/** Of a package that names its licence but does not bring the text. */
async function writeLicence(license, author) {
  if (license !== 'MIT') return `Licence: ${license}`;
  const [, ...terms] = (await readFile('LICENSE', 'utf8')).split(/^(?=Permission is hereby granted)/m);
  const holder = typeof author === 'string' ? author : author?.name;
  return `MIT License\n\nCopyright (c) ${holder}\n\n${terms.join('').trim()}`;
}
