import { spawnSync } from 'node:child_process';
import { missingCommand } from '../commands.ts';
import type { Twin } from '../scenario.ts';
import { downloadTwin } from './download-twin.ts';
import * as programs from './language-programs.ts';

interface LanguageClient {
  readonly name: string;
  readonly tools: readonly string[];
  readonly interpreter: string;
  readonly file: string;
  readonly source: string;
  /** Prints the version of what fetches, and fails where that is not installed. */
  readonly version: readonly string[];
}

const perl = (name: string, module: string, tool: string, source: string): LanguageClient => ({
  ...{ name, tools: [tool], interpreter: 'perl', file: 'fetch.pl', source },
  version: ['perl', `-M${module}`, '-e', `print ${module}->VERSION`],
});
const ruby = (name: string, source: string): LanguageClient => ({
  ...{ name, tools: ['openssl'], interpreter: 'ruby', file: 'fetch.rb', source },
  version: ['ruby', '--version'],
});
const php = (name: string, source: string, version: string): LanguageClient => ({
  ...{ name, tools: ['php'], interpreter: 'php', file: 'fetch.php', source },
  version: ['php', '-r', version],
});

const clients: readonly LanguageClient[] = [
  ruby('ruby-net-http', programs.rubyNetHttp),
  ruby('ruby-open-uri', programs.rubyOpenUri),
  php('php-curl', programs.phpCurl, 'curl_version() and print(PHP_VERSION);'),
  perl('perl-lwp', 'LWP::UserAgent', 'perl', programs.perlLwp),
  perl('perl-http-tiny', 'HTTP::Tiny', 'openssl', programs.perlHttpTiny),
  perl('perl-mojolicious', 'Mojolicious', 'mojolicious', programs.perlMojo),
  {
    name: 'r-download-file',
    tools: ['curl'],
    interpreter: 'Rscript',
    file: 'fetch.R',
    source: programs.r,
    version: ['Rscript', '--version'],
  },
];

function toTwin({ name, tools, interpreter, file, source, version }: LanguageClient): Twin {
  const [command = '', ...args] = version;
  const isThere = () => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  return downloadTwin({
    ...{ name, tools, version, argv: [interpreter, file], program: [file, source] },
    available: () => missingCommand(interpreter) ?? (isThere() ? undefined : `${name} is not installed`),
  });
}

/** HTTP libraries of Ruby, PHP, Perl and R, fetching the same files into `downloads/`. */
export const languageClientTwins: readonly Twin[] = clients.map(toTwin);

/** PHP's streams take a proxy only from the program itself. */
export const phpStreamsTwin: Twin = toTwin(php('php-streams', programs.phpStreams, 'print(PHP_VERSION);'));
