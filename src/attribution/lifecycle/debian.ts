import { stateEvidence, type Recognise } from './evidence.ts';

/** dpkg tells each maintainer script its name and its package, and no version. */
export const debian: Recognise = ({ variable }) => {
  const name = variable('DPKG_MAINTSCRIPT_PACKAGE');
  const script = variable('DPKG_MAINTSCRIPT_NAME');
  return name === undefined || script === undefined ? undefined : stateEvidence('deb', script, { name });
};
