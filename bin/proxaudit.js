#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`proxaudit: Node ${process.versions.node} is too old: 20.19 or newer is needed\n`);
  process.exitCode = 125;
} else {
  // An ES module would take 5 ms more to start.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- this folder's scripts are CommonJS, see its package.json
  require('../dist/cli.js');
}
