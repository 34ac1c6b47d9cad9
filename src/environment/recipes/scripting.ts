import type { Recipe } from './types.ts';

const lwp = 'https://metacpan.org/pod/LWP::UserAgent#CONSTRUCTOR-METHODS';
const mojo = 'https://docs.mojolicious.org/Mojo/UserAgent';

/** Ruby, PHP and Perl. */
export const scripting: readonly Recipe[] = [
  {
    tool: 'gem', // a proxy that its configuration names wins over the variables
    variable: 'GEMRC',
    value: 'file:gemrc',
    documentation: 'https://guides.rubygems.org/configuration/',
  },
  {
    tool: 'bundler', // its configuration may name a file, which would win over the general variable
    variable: 'BUNDLE_SSL_CA_CERT',
    value: 'bundle-file',
    documentation: 'https://bundler.io/man/bundle-config.1.html',
  },
  {
    tool: 'php',
    variable: 'PHP_INI_SCAN_DIR',
    value: 'file:php.ini',
    documentation: 'https://www.php.net/manual/en/configuration.file.php',
  },
  {
    tool: 'composer', // its configuration may name a file, which would win over the general variable
    variable: 'COMPOSER_CAFILE',
    value: 'bundle-file',
    documentation: 'https://getcomposer.org/doc/03-cli.md#composer-cafile',
  },
  { tool: 'perl', variable: 'PERL_LWP_SSL_CA_FILE', value: 'bundle-file', documentation: lwp },
  { tool: 'perl', variable: 'PERL_LWP_ENV_PROXY', value: 'on', documentation: lwp },
  { tool: 'mojolicious', variable: 'MOJO_CA_FILE', value: 'bundle-file', documentation: mojo },
  { tool: 'mojolicious', variable: 'MOJO_PROXY', value: 'on', documentation: mojo },
];
