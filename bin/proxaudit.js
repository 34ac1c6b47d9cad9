#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  refuse(`Node ${process.versions.node} is too old: 20.19 or newer is needed`);
} else {
  start();
}

function start() {
  try {
    // An ES module would take 5 ms more to start.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- this folder's scripts are CommonJS, see its package.json
    require('../dist/cli.js');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    if (isBuilt()) {
      refuse(`this installation is damaged: ${error.message.split('\n')[0]}\n  Install proxaudit again.`);
      return;
    }
    refuse(`this clone is not built: run "npm ci && npm run build" in ${__dirname.replace(/[/\\]bin$/, '')}`);
  }
}

/** Asked only where it could not be loaded. */
function isBuilt() {
  return process.getBuiltinModule('fs').existsSync(`${__dirname}/../dist/cli.js`);
}

function refuse(reason) {
  process.stderr.write(`proxaudit: ${reason}\n`);
  process.exitCode = 125;
}
