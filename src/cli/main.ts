// Alone here, so that the handlers stand, and the standard streams are out of reach, before the rest is even loaded.
import { signals } from './signals.ts';
import { writeSync } from 'node:fs';
import { CodeLoader } from './code-loader.ts';
import type * as dispatch from './dispatch.ts';
import { isMissingCode, REINSTALL } from './missing-code.ts';
import { setV8Flags } from './v8-flags.ts';

// Node would print deprecations and the like over the child's output.
process.removeAllListeners('warning');

setV8Flags();
const bundleDirectory = import.meta.dirname;
const code = new CodeLoader(bundleDirectory);
try {
  const run = code.load('./run.js') as (name: string) => unknown;
  const { main } = run('./dispatch.js') as typeof dispatch;
  void main(process.argv.slice(2), { signals, bundleDirectory, saveCode: code.save });
} catch (error) {
  if (!isMissingCode(error)) throw error;
  writeSync(2, `proxaudit: ${error.message}\n  ${REINSTALL}\n`);
  process.exit(125);
}
