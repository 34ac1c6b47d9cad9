import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedTool, toolDirectory } from '../../tools/cached-tool.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingOneOf, runOffline } from '../commands.ts';
import type { Scheme, Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';
import { serveHex } from './hex-repository.ts';

const key = 'debian-rebar3';
const program = join(toolDirectory(key), 'usr', 'bin', 'rebar3');

/** `rebar3 get-deps` of a package, with these lines in its user's `rebar.config.script`. */
const rebar3 = (name: string, schemes: readonly Scheme[], script: string): Twin => ({
  name,
  tools: ['erlang'],
  version: [program, 'version'],
  schemes,
  available: async () =>
    missingOneOf('escript', 'apt-get', 'dpkg-deb') ?? (await cachedTool(key, install)).reason,
  createHandler: serveHex,
  prepare(directory, baseUrl) {
    const env = hermeticEnvironment(directory);
    const settings = join(directory, 'home', '.config', 'rebar3');
    mkdirSync(settings, { recursive: true });
    const trust = 'repo_public_key => <<>>, repo_verify => false';
    const repository = `#{name => <<"twins">>, repo_url => <<"${baseUrl}/hex">>, ${trust}}`;
    writeFileSync(join(settings, 'rebar.config'), `{hex, [{repos, [${repository}]}]}.\n`);
    writeFileSync(join(settings, 'rebar.config.script'), script);
    writeFileSync(join(directory, 'rebar.config'), '{deps, [{twin, "1.0.0"}]}.\n');
    return { argv: [program, 'get-deps'], env, cwd: directory };
  },
  stored: (directory) =>
    storedBelow(join(directory, '_build', 'default', 'lib', 'twin'), {
      only: /^(?:src|priv)\//,
      asFetched: false,
    }),
});

/** The roots that it trusts are its own: see the tools that refuse. */
export const rebar3Twin: Twin = rebar3('rebar3-get-deps', ['http'], 'CONFIG.\n');

/** What mends that, so that it lasts: a line for all runs, with proxaudit and without. */
export const configuredRebar3Twin: Twin = rebar3(
  'rebar3-own-roots',
  ['http', 'https'],
  '[{ssl_cacerts_path, os:getenv("SSL_CERT_FILE", "/dev/null")} | CONFIG].\n',
);

/** Out of its Debian package, as installing that would install a desktop with it. */
function install(directory: string): void {
  const options = { cwd: directory, env: process.env };
  runOffline(['apt-get', '-q', 'download', 'rebar3'], options);
  const [file = ''] = readdirSync(directory).filter((name) => name.endsWith('.deb'));
  runOffline(['dpkg-deb', '-x', file, '.'], options);
}
