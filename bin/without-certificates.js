/**
 * For esbuild: mockttp's certificate module is left out. We mint our own leaves, and its X.509 library is two thirds of
 * what the engine takes to load.
 *
 * @type {import('esbuild').Plugin}
 */
export const withoutCertificates = {
  name: 'without-certificates',
  setup: (bundle) => {
    bundle.onLoad({ filter: /node_modules[\\/]mockttp[\\/]dist[\\/]util[\\/]certificates\.js$/ }, () => ({
      contents: "exports.getCA = () => { throw new Error('this bundle has no certificate module') };",
    }));
  },
};
