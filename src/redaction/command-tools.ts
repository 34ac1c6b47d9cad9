import type { Tool } from './command-grammar.ts';

const LOGIN = { login: { flags: { '-p': 'secret', '-u': 'plain' } } } as const;
const SETTINGS = {
  'config set': { positions: ['plain', 'named'] },
  set: { positions: ['plain', 'named'] },
  config: { positions: ['plain', 'named', 'named'] },
} as const;
const PASSWORD = { '-p': 'secret' } as const;
const ENVIRONMENT = { '-e': 'setting', '--env': 'setting', '--build-arg': 'setting' } as const;

/** In the documents of the tools themselves; those that the recipes serve, and what is used beside them. */
export const tools: readonly Tool[] = [
  // Downloaders.
  {
    names: ['curl'],
    short: 'AbcCdDeEFHKmoPQrtTuUwxXyYz',
    flags: {
      ...{
        '-u': 'user:password',
        '--user': 'user:password',
        '-U': 'user:password',
        '--proxy-user': 'user:password',
      },
      ...{
        '-H': 'header',
        '--header': 'header',
        '--proxy-header': 'header',
        '-b': 'cookies',
        '--cookie': 'cookies',
      },
      ...{
        '-E': 'file:password',
        '--cert': 'file:password',
        '--proxy-cert': 'file:password',
        '--key': 'plain',
      },
      ...{
        '--pass': 'secret',
        '--proxy-pass': 'secret',
        '--oauth2-bearer': 'secret',
        '--tlspassword': 'secret',
      },
    },
  },
  {
    names: ['wget', 'wget2'],
    short: 'aABDeiIloOPQRtTUwX',
    flags: { '--user': 'plain', '--header': 'header', '-e': 'setting', '-U': 'plain' },
  },
  {
    names: ['aria2c'],
    short: 'cdijklmnopstTUxZ',
    flags: { '--http-user': 'plain', '--header': 'header', '-U': 'plain' },
  },
  {
    names: ['http', 'https', 'xh', 'xhs'],
    short: 'aAops',
    flags: { '-a': 'user:password', '--auth': 'secret' },
  },
  { names: ['lftp'], short: 'cefpu', flags: { '-u': 'user,password', '--user': 'user,password' } },
  // Package tools.
  {
    names: ['npm', 'pnpm', 'yarn', 'bun', 'npx', 'pnpx', 'bunx', 'lerna'],
    launches: true,
    commands: SETTINGS,
  },
  {
    names: ['pip', 'pipx', 'uv', 'uvx', 'pipenv'],
    short: 'cefirt',
    launches: true,
    commands: { ...SETTINGS, publish: { flags: { '-t': 'secret', '-p': 'secret' } } },
  },
  {
    names: ['twine', 'maturin', 'cabal', 'cpan-upload'],
    short: 'cCirpsu',
    flags: { ...PASSWORD, '-t': 'secret' },
  },
  {
    names: ['poetry', 'hatch', 'pdm', 'flit'],
    launches: true,
    commands: {
      ...SETTINGS,
      publish: { flags: { '-p': 'secret', '-P': 'secret', '-a': 'secret', '--auth': 'secret' } },
    },
  },
  { names: ['conda', 'mamba', 'anaconda'], short: 'cnpt', flags: { '-t': 'secret', '--set': 'plain' } },
  {
    names: ['cargo'],
    short: 'jpZ',
    flags: { '--registry': 'plain', '--index': 'plain', '--config': 'plain' },
    commands: { login: { positions: ['secret'] } },
  },
  {
    names: ['gem'],
    short: 'CDEFGHKPigknop',
    commands: { push: { flags: { '-k': 'secret', '--key': 'secret' } } },
  },
  {
    names: ['bundle', 'bundler'],
    launches: true,
    commands: {
      'config set': { positions: ['plain', 'user:password'] },
      config: { positions: ['plain', 'user:password'] },
    },
  },
  { names: ['composer'], commands: SETTINGS },
  {
    names: ['nuget', 'dotnet'],
    commands: {
      push: { flags: { '-k': 'secret', '-sk': 'secret', '-ApiKey': 'secret' } },
      setapikey: { positions: ['secret'] },
      delete: { flags: { '-k': 'secret' } },
      source: { flags: PASSWORD },
      sources: { flags: PASSWORD },
    },
  },
  {
    names: ['mvn', 'mvnw', 'mvnd'],
    short: 'bDfglPstT',
    flags: { '-D': 'setting', '-ep': 'secret', '-emp': 'secret' },
  },
  { names: ['gradle', 'gradlew'], short: 'bcDgIpPtx', flags: { '-D': 'setting', '-P': 'setting' } },
  { names: ['apt', 'apt-get', 'aptitude'], short: 'acot', flags: { '-o': 'setting' } },
  { names: ['luarocks', 'pod', 'swift', 'dart', 'mix', 'rebar3', 'stack'], commands: {} },
  // Version control.
  {
    names: ['git'],
    short: 'cC',
    flags: { '-c': 'setting' },
    commands: { config: { positions: ['plain', 'named'] } },
  },
  { names: ['hg'], flags: { '--config': 'setting' } },
  {
    names: ['gh'],
    short: 'bfFHRX',
    flags: { '-H': 'header', '--header': 'header', '-f': 'setting', '-F': 'setting' },
    commands: { 'secret set': { flags: { '-b': 'secret', '--body': 'secret' } } },
  },
  {
    names: ['glab'],
    short: 'fFHhRtX',
    flags: { '-H': 'header', '-f': 'setting' },
    commands: { login: { flags: { '-t': 'secret' } } },
  },
  // Containers and clusters.
  {
    names: ['docker', 'podman', 'nerdctl', 'buildah'],
    short: 'acefhlmnopuvw',
    launches: true,
    flags: { ...ENVIRONMENT, '-u': 'plain', '--user': 'plain', '--creds': 'user:password' },
    commands: LOGIN,
  },
  {
    names: ['skopeo', 'crane', 'oras', 'helm', 'cosign', 'regctl'],
    short: 'fnpuo',
    flags: {
      '--creds': 'user:password',
      '--src-creds': 'user:password',
      '--dest-creds': 'user:password',
      '--set': 'setting',
      '--set-string': 'setting',
    },
    commands: LOGIN,
  },
  {
    names: ['kubectl', 'oc'],
    short: 'cflnop',
    launches: true,
    flags: { '--from-literal': 'secret-setting' },
    commands: { login: { flags: PASSWORD } },
  },
  // Clouds, infrastructure, secrets.
  { names: ['aws'], commands: { 'configure set': { positions: ['plain', 'named'] } } },
  {
    names: ['gcloud'],
    commands: {
      'config set': { positions: ['plain', 'named'] },
      'activate-refresh-token': { positions: ['plain', 'secret'] },
    },
  },
  { names: ['az', 'cf', 'ibmcloud'], commands: { login: { flags: { '-p': 'secret' } } } },
  { names: ['mc'], commands: { 'alias set': { positions: ['plain', 'plain', 'secret', 'secret'] } } },
  {
    names: ['terraform', 'tofu', 'terragrunt', 'packer'],
    flags: { '-var': 'setting', '-backend-config': 'setting' },
  },
  {
    names: ['ansible', 'ansible-playbook', 'ansible-vault'],
    short: 'eiMtu',
    flags: { '-e': 'setting', '--extra-vars': 'setting' },
    commands: { encrypt_string: { positions: ['secret'] } },
  },
  {
    names: ['vault', 'bao'],
    flags: { '-method': 'plain', '-path': 'plain', '-address': 'plain', '-namespace': 'plain' },
    commands: {
      login: { positions: ['secret'] },
      unwrap: { positions: ['secret'] },
      unseal: { positions: ['secret'] },
    },
  },
  {
    names: ['pulumi'],
    short: 's',
    flags: { '--secret': 'switch', '--stack': 'plain' },
    commands: { 'config set': { positions: ['plain', 'secret'] } },
  },
  {
    names: ['doppler', 'op', 'aws-vault'],
    short: 'cept',
    launches: true,
    flags: { '-t': 'secret' },
    commands: { 'configure set': { positions: ['plain', 'named'] } },
  },
  {
    names: ['bw'],
    commands: { login: { positions: ['plain', 'secret'] }, unlock: { positions: ['secret'] } },
  },
  { names: ['snyk'], commands: { auth: { positions: ['secret'] } } },
  { names: ['vercel', 'flyctl', 'fly', 'influx', 'railway'], short: 't', flags: { '-t': 'secret' } },
  { names: ['netlify'], short: 'a', flags: { '-a': 'secret' } },
  { names: ['cloudsmith'], short: 'k', flags: { '-k': 'secret' } },
  { names: ['etcdctl'], flags: { '--user': 'user:password' } },
  // Databases and directories.
  {
    names: ['mysql', 'mysqldump', 'mysqladmin', 'mysqlimport', 'mariadb', 'mariadb-dump'],
    short: 'DehPpSu',
    flags: PASSWORD,
  },
  {
    names: ['mongo', 'mongosh', 'mongodump', 'mongorestore', 'mongoexport', 'mongoimport'],
    short: 'cdhopu',
    flags: PASSWORD,
  },
  { names: ['redis-cli', 'valkey-cli'], short: 'adhnpux', flags: { '-a': 'secret' } },
  { names: ['sqlcmd', 'bcp'], short: 'dPQSUi', flags: { '-P': 'secret', '-U': 'plain' } },
  { names: ['sqlplus'], commands: { '': { positions: ['user/password'] } } },
  {
    names: ['ldapsearch', 'ldapadd', 'ldapmodify', 'ldapdelete', 'ldapwhoami', 'ldappasswd'],
    short: 'abDfhHlopsSUwyYzZ',
    flags: { '-w': 'secret', '-a': 'secret', '-s': 'secret' },
  },
  { names: ['smbclient'], short: 'cDIpUW', flags: { '-U': 'user%password', '--user': 'user%password' } },
  { names: ['mosquitto_pub', 'mosquitto_sub'], short: 'hmpPtu', flags: { '-P': 'secret' } },
  // Keys, archives, accounts.
  { names: ['sshpass'], short: 'dfpP', launches: true, flags: PASSWORD },
  {
    names: ['openssl'],
    flags: { '-k': 'secret', '-K': 'secret', '-key': 'plain', '-keyout': 'plain', '-inkey': 'plain' },
  },
  { names: ['zip', 'unzip'], short: 'bnPtx', flags: { '-P': 'secret' } },
  { names: ['7z', '7za', '7zz', 'rar', 'unrar'], short: 'hiopx', flags: PASSWORD },
  { names: ['htpasswd'], commands: { '': { positions: ['plain', 'secret', 'secret'] } } },
  { names: ['useradd', 'usermod'], short: 'cdgGpsu', flags: PASSWORD },
  { names: ['s3cmd', 'svn', 'jf', 'jfrog', 'keytool', 'jarsigner', 'gpg', 'rclone'] },
  { names: ['ssh', 'scp', 'rsync', 'nc'], short: 'bcDeFiIJLlmoOpQRSWw' },
];

/** What a program takes that no entry speaks of: the customs of most. */
export const unknownTool: Tool = {
  names: [],
  flags: {
    ...{
      '-u': 'user:password',
      '--user': 'user:password',
      '-U': 'user:password',
      '--proxy-user': 'user:password',
    },
    ...{
      '-a': 'user:password',
      '-H': 'header',
      '--header': 'header',
      '--proxy-header': 'header',
      '-b': 'cookies',
    },
  },
  short: '',
};
