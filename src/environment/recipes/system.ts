import type { Recipe } from './types.ts';

/** Downloaders and package tools of the system. */
export const system: readonly Recipe[] = [
  {
    tool: 'wget', // Debian's is built on GnuTLS, which reads no variable
    variable: 'WGETRC',
    value: 'file:wgetrc',
    documentation: 'https://www.gnu.org/software/wget/manual/wget.html#Wgetrc-Location',
  },
  {
    tool: 'git',
    variable: 'GIT_SSL_CAINFO',
    value: 'bundle-file',
    documentation: 'https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslCAInfo',
  },
  {
    tool: 'git', // http.proxy of a configuration file wins over the variables
    variable: 'GIT_CONFIG_COUNT',
    value: 'git-config',
    documentation: 'https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT',
  },
  {
    tool: 'apt',
    variable: 'APT_CONFIG',
    value: 'file:apt.conf',
    documentation: 'https://manpages.debian.org/stable/apt/apt.conf.5.en.html',
  },
  {
    tool: 'hg', // Debian's names the system's bundle in a configuration file
    variable: 'HGRCPATH',
    value: 'file:hgrc',
    documentation: 'https://www.mercurial-scm.org/help/topics/config',
  },
  {
    tool: 'nix', // its daemon keeps the variables that it was started with
    variable: 'NIX_SSL_CERT_FILE',
    value: 'bundle-file',
    documentation: 'https://nix.dev/manual/nix/latest/command-ref/env-common.html#env-NIX_SSL_CERT_FILE',
  },
];
