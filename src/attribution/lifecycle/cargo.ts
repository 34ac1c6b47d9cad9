import { stateEvidence, type Recognise } from './evidence.ts';

/** Cargo gives these to build scripts only; the package's name also to the compiler, to tests and to `cargo run`. */
const OF_BUILD_SCRIPTS = ['OUT_DIR', 'NUM_JOBS', 'OPT_LEVEL', 'TARGET', 'HOST'];

/** A crate's `build.rs`, and what it starts. */
export const cargo: Recognise = ({ variable }) => {
  const name = variable('CARGO_PKG_NAME');
  if (name === undefined || OF_BUILD_SCRIPTS.some((one) => variable(one) === undefined)) return undefined;
  return stateEvidence('cargo', 'build.rs', { name, version: variable('CARGO_PKG_VERSION') });
};
