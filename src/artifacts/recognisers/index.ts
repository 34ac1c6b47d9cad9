import type { Recogniser } from '../recogniser.ts';
import { cargo } from './cargo.ts';
import { debian } from './debian.ts';
import { forge } from './forge.ts';
import { generic } from './generic.ts';
import { git } from './git.ts';
import { gitLfs } from './git-lfs.ts';
import { golang } from './golang.ts';
import { maven } from './maven.ts';
import { npm } from './npm.ts';
import { oci } from './oci.ts';
import { pypi } from './pypi.ts';

/** In the order in which they are asked: the more specific a shape, the earlier. */
export const recognisers: readonly Recogniser[] = [
  git,
  gitLfs,
  oci,
  golang,
  cargo,
  pypi,
  maven,
  forge,
  debian,
  // Any JSON may be one of its documents.
  npm,
  generic,
];
