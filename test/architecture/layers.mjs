const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
/** Every other folder of src is a station. */
const meetingPlaces = 'audit|cli|library|model|support';
/** The places of support that touch files: one reader and one maker of directories for all stations. */
const fileAccess = '^src/support/(read-bounded|make-directory)\\.ts$';
const pure = '^(src/(model|support|environment|redaction)|reports)/';

/** The one-way layers, as dependency-cruiser rules; knip finds what nothing imports. */
export default {
  forbidden: [
    error('no-circular', 'Import cycles hide who owns what.', {}, { circular: true }),
    error(
      'model-imports-nothing',
      'The model is the shared vocabulary; it knows no other folder.',
      { path: '^src/model/' },
      { path: '^(src|reports|bin)/', pathNot: '^src/model/' },
    ),
    error(
      'support-imports-nothing',
      'Support is generic text, hash and error code.',
      { path: '^src/support/' },
      { path: '^(src|reports|bin)/', pathNot: '^src/support/' },
    ),
    error(
      'stations-do-not-meet',
      'A station talks to another station only through src/audit.',
      { path: `^src/(?!(?:${meetingPlaces})/)([^/]+)/` },
      { path: '^(src|reports)/', pathNot: '^src/($1|model|support)/' },
    ),
    error(
      'audit-is-below-cli',
      'The composition root must not know the terminal or a report.',
      { path: '^src/audit/' },
      { path: '^(src/cli|src/library|reports)/' },
    ),
    error(
      'reports-read-the-run-only',
      'A renderer sees a finished Run and nothing else.',
      { path: '^reports/' },
      { path: '^src/', pathNot: '^src/(model|support)/' },
    ),
    error(
      'shells-through-audit',
      'The CLI and the library reach stations only through src/audit (run it, or replay a journal), and never each other.',
      { path: '^src/(cli|library)/' },
      { path: '^src/', pathNot: '^src/($1|audit|model|support)/' },
    ),
    error(
      'only-proxy-uses-mockttp',
      'One adapter owns the engine of HTTP/2.',
      { path: '^(src|reports)/', pathNot: '^src/proxy/engine' },
      { path: 'node_modules/mockttp' },
    ),
    error(
      'proxy-carries-below-its-front',
      'The front decides; what carries bytes knows nothing of it.',
      { path: '^src/proxy/(wire|engine|tls|exchange|upstream)/' },
      { path: '^src/proxy/front/' },
    ),
    error(
      'proxy-records-below-what-carries',
      'The facts of an exchange are the same, however its bytes are carried.',
      { path: '^src/proxy/(exchange|upstream)/' },
      { path: '^src/proxy/(wire|engine|tls)/' },
    ),
    error(
      'proxy-dials-below-all',
      'What dials upstreams knows nothing of who asked.',
      { path: '^src/proxy/upstream/' },
      { path: '^src/proxy/exchange/' },
    ),
    error(
      'only-child-spawns',
      'One place starts processes.',
      { path: '^(src|reports)/', pathNot: '^src/child/' },
      { path: '^(node:)?child_process$|node_modules/execa' },
    ),
    error(
      'pure-folders-do-no-io',
      'Same input, same output: no files, sockets, processes or clocks. Their types may be named.',
      { path: pure, pathNot: `^src/environment/node-preload/|${fileAccess}` },
      {
        dependencyTypes: ['core'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^(node:)?(crypto|url|path|util|zlib|buffer|stream)$',
      },
    ),
    error(
      'pure-folders-touch-no-file',
      'What stations touch files with is no way around the rule for pure folders.',
      { path: pure },
      { path: fileAccess },
    ),
    error(
      'no-test-code-in-product',
      'Product code never imports test code.',
      { path: '^(src|reports|bin)/' },
      { path: '^test/' },
    ),
    {
      name: 'support-is-shared',
      comment: 'Code used once lives next to its only user.',
      severity: 'error',
      from: { path: '^(src|reports|bin)/' },
      module: { path: '^src/support/', numberOfDependentsLessThan: 2 },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: '^(?:node_modules|dist)/',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
