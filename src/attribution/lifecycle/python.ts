import { stateEvidence, type Named, type ProcessFacts, type Recognise } from './evidence.ts';

/** PEP 517 and PEP 660 hooks, as pip, build and poetry run them through pyproject-hooks or pep517. */
const HOOK = /^(?:build|prepare_metadata_for_build|get_requires_for_build)_(?:wheel|sdist|editable)$/;
/** pip unpacks a distribution that it builds into a directory with its name. */
const UNPACKED = /\/pip-(?:install|wheel)-[^/]+\/([^/]+)_[0-9a-f]{32}(?:\/|$)/;

/** The build of a Python source distribution. */
export const python: Recognise = (facts) => {
  const hook = hookOf(facts.argv);
  if (hook !== undefined) return stateEvidence('pypi', hook, identify(facts));
  const command = setupCommandOf(facts.argv);
  if (command === undefined) return undefined;
  const named = identify(facts);
  // A setup.py in a checkout is nobody's lifecycle script.
  return named.name === undefined ? undefined : stateEvidence('pypi', `setup.py ${command}`, named);
};

function hookOf(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((argument) => /(?:^|\/)_in_process(?:\.py)?$/.test(argument));
  const hook = argv[at + 1] ?? '';
  return at !== -1 && HOOK.test(hook) ? hook : undefined;
}

/** `python setup.py COMMAND`, or pip's `python -c '… setup.py …' COMMAND`. */
function setupCommandOf(argv: readonly string[]): string | undefined {
  const at = argv.findIndex(
    (argument, index) =>
      /(?:^|\/)setup\.py$/.test(argument) || (argv[index - 1] === '-c' && argument.includes('setup.py')),
  );
  return at === -1 ? undefined : argv.slice(at + 1).find((argument) => /^[a-z]\w*$/.test(argument));
}

/** Every source distribution has its metadata in PKG-INFO; pip's directory has at least the name. */
function identify({ cwd, read }: ProcessFacts): Named {
  const [head = ''] = (read('PKG-INFO') ?? '').split(/\r?\n\r?\n/, 1);
  const [name, version] = ['Name', 'Version'].map(
    (field) => new RegExp(`^${field}: *(\\S+) *\\r?$`, 'm').exec(head)?.[1],
  );
  return name === undefined ? { name: UNPACKED.exec(cwd ?? '')?.[1] } : { name, version };
}
