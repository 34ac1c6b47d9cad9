import { stateEvidence, type Recognise } from './evidence.ts';

/** What `npx` and its like run is no script of the package in whose directory they were called. */
const RUNNERS = new Set(['npx', 'bunx']);

/** npm, pnpm, yarn and bun tell each script its name and its package. */
export const npm: Recognise = ({ variable }) => {
  const script = variable('npm_lifecycle_event');
  if (script === undefined) return undefined;
  const name = RUNNERS.has(script) ? undefined : variable('npm_package_name');
  return stateEvidence('npm', script, { name, version: variable('npm_package_version') });
};
