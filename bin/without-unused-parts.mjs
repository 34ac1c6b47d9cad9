const NONE = 'module.exports = {};';
const PARTS = [
  [
    // We mint our own leaves, and its X.509 library is two thirds of what the engine takes to load.
    /node_modules[\\/]mockttp[\\/]dist[\\/]util[\\/]certificates\.js$/,
    "exports.getCA = () => { throw new Error('this bundle has no certificate module') };",
  ],
  // The journal has a destination of its own; these would start worker threads and write files by themselves.
  [/node_modules[\\/]pino[\\/]lib[\\/]transport\.js$/, NONE],
  [/node_modules[\\/]sonic-boom[\\/]index\.js$/, 'module.exports = class SonicBoom {};'],
  [/node_modules[\\/]on-exit-leak-free[\\/]index\.js$/, NONE],
  // For an option of mockttp that is not used; it would add a global to the process of whoever uses the library.
  [/node_modules[\\/]urlpattern-polyfill[\\/]index\.(?:c?js)$/, NONE],
];

const PINO_TOOLS = /node_modules[\\/]pino[\\/]lib[\\/]tools\.js$/;

/**
 * For esbuild: modules of packages that are left out.
 *
 * @type {import('esbuild').Plugin}
 */
export const withoutUnusedParts = {
  name: 'without-unused-parts',
  setup: (bundle) => {
    for (const [filter, contents] of PARTS) bundle.onLoad({ filter }, () => ({ contents }));
    // pino asks it for a destination that is not used; Node takes 2 ms to load it.
    bundle.onResolve({ filter: /^worker_threads$/ }, ({ importer }) =>
      PINO_TOOLS.test(importer) ? { path: 'worker-threads', namespace: 'unused-part' } : undefined,
    );
    bundle.onLoad({ filter: /^worker-threads$/, namespace: 'unused-part' }, () => ({
      contents: 'exports.isMainThread = true;',
    }));
  },
};
