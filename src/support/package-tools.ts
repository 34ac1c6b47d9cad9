import { basename } from 'node:path';

type Use = 'reads' | 'ignores' | 'unknown';

/** A tool that fetches packages. */
export interface Tool {
  /** Of its program, without the extension. */
  readonly names: RegExp;
  readonly ecosystem: string;
  /** Names of the lockfiles that it looks for by itself. */
  readonly lockfiles: RegExp;
  /** Variables that name lockfiles for it, as `$NAME`. */
  readonly variables?: RegExp;
  /** Whether the words after its name make it read them. */
  readonly useOf: (words: readonly string[]) => Use;
}

const none = /^$/;
const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const always = (use: Use) => (): Use => use;

/** By the first of its words that is one of these; by options that lead past all lockfiles. */
function bySubcommand(reading: string, ignoring: string, apart: RegExp = none): Tool['useOf'] {
  const [reads, ignores] = [wordsOf(reading), wordsOf(ignoring)];
  return (words) => {
    if (words.some((word) => apart.test(word))) return 'ignores';
    const subcommand = words.find((word) => reads.has(word) || ignores.has(word));
    if (subcommand === undefined) return 'unknown';
    return reads.has(subcommand) ? 'reads' : 'ignores';
  };
}

const isGlobal =
  /^(?:-g|--global|--location=global|--no-(?:package-)?lock(?:file)?|--(?:package-)?lock(?:file)?=false)$/;

const useOfYarn = bySubcommand(
  'install add up upgrade upgrade-interactive dedupe remove rebuild import focus link',
  'dlx create global init',
  isGlobal,
);

const useOfCargo = bySubcommand(
  'build b check c run r test t bench doc d fetch generate-lockfile update tree vendor metadata clippy fix add remove rm package publish rustc rustdoc nextest',
  'info search',
);

/** `cargo install` takes the lockfile of a directory where it is told to, and none else. */
function useOfCargoInstall(words: readonly string[]): Use {
  const isOfDirectory = words.some((word) => /^--path(?:=|$)/.test(word));
  return isOfDirectory && words.some((word) => /^--(?:locked|frozen)$/.test(word)) ? 'reads' : 'ignores';
}

function useOfGo(words: readonly string[]): Use {
  const at = words.findIndex((word) => word === 'install' || word === 'run');
  // https://go.dev/ref/mod#go-install: with a version it ignores the go.mod file of the directory.
  return at >= 0 && words.slice(at + 1).some((word) => /^[^-./][^@]*@./.test(word)) ? 'ignores' : 'reads';
}

const useOfUv = bySubcommand(
  'sync run lock add remove tree export build',
  'pip tool python self init venv publish',
  /^--no-project$/,
);

/** What each of them reads by itself; files that its command line names it reads beside. */
const tools: readonly Tool[] = [
  {
    names: /^npm(?:-cli)?$/,
    ecosystem: 'npm',
    // https://docs.npmjs.com/cli/configuring-npm/package-lock-json: of a yarn.lock it takes what it can.
    lockfiles: /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock)$/,
    useOf: bySubcommand(
      'install i in ins inst insta instal isnt isnta isntal isntall add ci clean-install ic install-clean isntall-clean install-test it install-ci-test cit clean-install-test sit update up upgrade udpate dedupe ddp prune uninstall un unlink remove rm r rebuild rb audit',
      'exec x view info show v pack create init innit cache diff publish search run run-script rum urn test t tst start stop restart',
      isGlobal,
    ),
  },
  {
    names: /^(?:npx(?:-cli)?|pnpx|pnx|bunx|deno)$/,
    ecosystem: 'npm',
    lockfiles: none,
    useOf: always('ignores'),
  },
  {
    names: /^(?:yarn|yarnpkg)(?:-?[\d.]+)?$/,
    ecosystem: 'npm',
    lockfiles: /^yarn\.lock$/,
    useOf: (words) => (words.every((word) => word.startsWith('-')) ? 'reads' : useOfYarn(words)),
  },
  {
    names: /^pnpm$/,
    ecosystem: 'npm',
    lockfiles: /^pnpm-lock\.yaml$/,
    useOf: bySubcommand(
      'install i ci add update up upgrade dedupe fetch prune import remove rm uninstall un rebuild rb deploy',
      'dlx create self-update env setup',
      isGlobal,
    ),
  },
  {
    names: /^bun$/,
    ecosystem: 'npm',
    // Without its own it converts those of others.
    lockfiles: /^(?:bun\.lock|package-lock\.json|yarn\.lock|pnpm-lock\.yaml)$/,
    useOf: bySubcommand('install i ci add a update up remove rm patch', 'x create c upgrade', isGlobal),
  },
  {
    names: /^(?:pip[\d.]*|__pip-(?:runner|standalone-pip)__|pipx)$/,
    ecosystem: 'pypi',
    lockfiles: none,
    variables: /^\$PIP_/,
    useOf: always('ignores'),
  },
  { names: /^uvx$/, ecosystem: 'pypi', lockfiles: none, variables: /^\$UV_/, useOf: always('ignores') },
  { names: /^uv$/, ecosystem: 'pypi', lockfiles: /^uv\.lock$/, variables: /^\$UV_/, useOf: useOfUv },
  {
    names: /^poetry$/,
    ecosystem: 'pypi',
    lockfiles: /^poetry\.lock$/,
    useOf: bySubcommand('install add update sync lock remove export build', 'self publish search new init'),
  },
  {
    names: /^pdm$/,
    ecosystem: 'pypi',
    lockfiles: /^(?:pdm\.lock|pylock(?:\.[^.]+)?\.toml)$/,
    useOf: bySubcommand('install sync update add lock remove export build', 'self plugin python py init new'),
  },
  {
    names: /^pipenv$/,
    ecosystem: 'pypi',
    lockfiles: /^(?:Pipfile|pylock)\.(?:lock|toml)$/,
    useOf: bySubcommand('install sync update upgrade lock uninstall verify', '', /^--skip-lock$/),
  },
  {
    names: /^cargo$/,
    ecosystem: 'cargo',
    lockfiles: /^Cargo\.lock$/,
    useOf: (words) =>
      words.some((word) => word === 'install' || word === 'binstall')
        ? useOfCargoInstall(words)
        : useOfCargo(words),
  },
  { names: /^cargo-b?install$/, ecosystem: 'cargo', lockfiles: none, useOf: useOfCargoInstall },
  { names: /^go[\d.]*$/, ecosystem: 'golang', lockfiles: /\.sum$/, useOf: useOfGo },
  {
    names: /^(?:gradlew?|gradle-wrapper|org\.gradle\..+)$/,
    ecosystem: 'maven',
    lockfiles: /^verification-metadata\.xml$/,
    useOf: always('reads'),
  },
  {
    names: /^(?:mvnw?d?|sbt|sbt-launch|cs|coursier|lein|ivy|org\.codehaus\.plexus\.classworlds\..+)$/,
    ecosystem: 'maven',
    lockfiles: none,
    useOf: always('ignores'),
  },
  {
    names: /^(?:docker|podman|buildah|nerdctl)$/,
    ecosystem: 'oci',
    lockfiles: /Dockerfile|Containerfile/,
    useOf: bySubcommand('build bud buildx compose image builder', 'pull run create push load save login'),
  },
  {
    names: /^(?:skopeo|crane|oras|regctl|helm)$/,
    ecosystem: 'oci',
    lockfiles: none,
    useOf: always('ignores'),
  },
];

/** Programs that run another one, which their command line names. */
const runners =
  /^(?:node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|java|ruby|env|sudo|doas|nice|time|timeout|nohup|setsid|xvfb-run|corepack|(?:ba|da|z|k|a)?sh)$/;
/** Of a runner's words; the command lines of Java are long. */
const MAX_WORDS = 64;

/** The tool that a command line runs, and the words after its name; undefined for what is not known. */
export function findTool(command: readonly string[]): { tool: Tool; words: readonly string[] } | undefined {
  const [first = ''] = command;
  const own = toolOf(first);
  if (own !== undefined) return { tool: own, words: command.slice(1) };
  if (!runners.test(nameOf(first))) return undefined;
  for (const [index, word] of command.slice(0, MAX_WORDS).entries()) {
    if (index === 0 || word.startsWith('-')) continue;
    const tool = toolOf(word);
    if (tool !== undefined) return { tool, words: command.slice(index + 1) };
  }
  return undefined;
}

function toolOf(word: string): Tool | undefined {
  const name = nameOf(word);
  return tools.find(({ names }) => names.test(name));
}

function nameOf(word: string): string {
  return basename(word).replace(/\.(?:[cm]?js|py|pyz|zip|exe|cmd|bat|sh|jar|pex)$/, '');
}
