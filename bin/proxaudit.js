#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`proxaudit: Node ${process.versions.node} is too old: 20.19 or newer is needed\n`);
  process.exitCode = 125;
} else {
  await import('../dist/cli.js');
}
