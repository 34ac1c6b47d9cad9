/**
 * For esbuild: the global `process` stands for the module. Whoever imports `node:process` makes Node read all its
 * properties, and reading `process.stdin`, `stdout` and `stderr` opens them: shared pipes become non-blocking.
 *
 * @type {import('esbuild').Plugin}
 */
export const globalProcess = {
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
