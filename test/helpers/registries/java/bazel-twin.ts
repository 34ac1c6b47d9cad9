import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { sha256 } from '../../origin/random.ts';
import { installTool, packagesOf } from '../../tools/install-tool.ts';
import type { ToolPackage } from '../../tools/install-tool.ts';
import { hermeticEnvironment } from '../client-environment.ts';
import { missingOneOf } from '../commands.ts';
import { readFiles, serveFiles } from '../download/files.ts';
import type { Twin } from '../scenario.ts';
import { storedBelow } from '../stored-files.ts';

type Bazel = Pick<Twin, 'name' | 'available' | 'version'> & { readonly program: string };

/** The last one that npm has, as its makers build it: with a Java of its own. */
const built: ToolPackage = { from: 'npm', name: '@bazel/bazel-linux_x64', version: '2.1.0' };
const program = join(packagesOf(built), built.name, `bazel-${built.version}-linux-x86_64`);
const isBuilt = process.platform === 'linux' && process.arch === 'x64';

const askDebian = ['dpkg-query', '-W', '-f', '${Version}', 'bazel-bootstrap'];
const [command = '', ...args] = askDebian;

/** Bazel fetching files that its workspace names; its server, which lives on until it is told to end, does that. */
const createBazelTwin = ({ program, ...about }: Bazel): Twin => ({
  ...about,
  tools: ['java'],
  createHandler: serveFiles,
  prepare(directory, baseUrl) {
    const files = [...readFiles()].filter(([, content]) => content.length > 0);
    const rules = files.map(([path, content], index) => {
      const remote = [`urls = ["${baseUrl}${path}"]`, `sha256 = "${sha256(content)}"`];
      const local = [`name = "file${index}"`, `downloaded_file_path = "${basename(path)}"`];
      return `http_file(${[...local, ...remote].join(', ')})\n`;
    });
    const load = 'load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_file")\n';
    writeFileSync(join(directory, 'WORKSPACE'), `${load}${rules.join('')}`);
    writeFileSync(join(directory, 'BUILD'), '');
    // It lives too briefly for the second compiler to pay.
    const bazel = `"$0" --output_user_root="$PWD/root" --host_jvm_args=-XX:TieredStopAtLevel=1`;
    const targets = files.map((_, index) => `@file${index}//file`).join(' ');
    return {
      argv: ['sh', '-c', `${bazel} fetch ${targets}; code=$?; ${bazel} shutdown; exit $code`, program],
      env: hermeticEnvironment(directory),
      cwd: directory,
    };
  },
  stored: (directory) =>
    storedBelow(join(directory, 'root'), {
      only: /external\/file\d+\/file\/.*\.bin$/,
      asFetched: true,
      rename: (path) => basename(path),
    }),
});

export const bazelTwin = createBazelTwin({
  name: 'bazel-fetch',
  // It is built without a version.
  version: askDebian,
  // Elsewhere the command of that name is Bazelisk, which fetches a Bazel first.
  available: () =>
    missingOneOf('bazel', 'dpkg-query') ??
    (spawnSync(command, args).status === 0 ? undefined : "bazel is not Debian's"),
  program: 'bazel',
});

export const bazelOfNpmTwin = createBazelTwin({
  name: 'bazel-own-java',
  version: [program, '--version'],
  available: async () => (isBuilt ? (await installTool(built)).reason : 'npm has no Bazel for this machine'),
  program,
});
