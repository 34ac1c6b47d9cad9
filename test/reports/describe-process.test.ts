import { expect, it } from 'vitest';
import { nameOfProcess } from '../../reports/text/describe-process.ts';

const nameOf = (...command: string[]): string => nameOfProcess({ process: { pid: 7, name: 'x', command } });

it.each([
  [['npm install express'], 'npm install express'],
  [['node', 'build.js', '-x'], 'node build.js -x'],
  [
    ['/usr/lib/git-core/git-remote-http', 'origin', 'http://a.example/b/'],
    'git-remote-http origin http://a.example/b/',
  ],
  [['/venv/bin/python3', '/venv/bin/pip', 'install', '-q'], 'pip install -q'],
  [
    ['/venv/bin/python3.11', '/venv/lib/pip/__pip-runner__.py', 'install'],
    'python3.11 __pip-runner__.py install',
  ],
  [['/usr/bin/python3', '-m', 'pip'], 'python3 -m pip'],
  [['/usr/bin/curl', '/not/a/script'], 'curl /not/a/script'],
  [['sh', '-c/x'], 'sh -c/x'],
  [['/usr/lib/apt/methods/http'], '/usr/lib/apt/methods/http'],
])('%j is called %s', (command, name) => {
  expect(nameOf(...command)).toBe(name);
});

it('a script of a package is called by that', () => {
  const process = {
    pid: 7,
    name: 'x',
    command: ['/bin/sh', '/x/y'],
    package: 'pad@1.0.0',
    script: 'install',
  };
  expect(nameOfProcess({ process })).toBe('pad@1.0.0 install');
});
