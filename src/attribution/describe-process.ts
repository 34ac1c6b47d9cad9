import type { Ancestor, Process } from '../model/exchange.ts';
import { BoundedMap } from '../support/bounded-map.ts';
import { findInnermost } from './lifecycle/evidence.ts';
import { createPortraitist, type Portrait, type RunContext } from './portraits.ts';

/** Kept of a command line, in characters: it is stored with every exchange of the process. */
const MAX_COMMAND_LENGTH = 2_048;
const MAX_PARENT_COMMAND_LENGTH = 160;
const MAX_PARENTS = 12;
/** Looked at for the package whose script it is. */
const MAX_ANCESTORS = 32;
const MAX_TEXT = 1_024;
const MAX_CACHED = 512;

/**
 * Makes a function that describes a process: its program, those that started it up to the audited command, and the
 * package whose script they prove it to be part of. Undefined when the process is gone.
 */
export function createDescriber(context: RunContext): (pid: number) => Process | undefined {
  const portray = createPortraitist(context);
  const { redaction } = context;
  const cache = new BoundedMap<string, Process>(MAX_CACHED);

  return (pid) => {
    const sitting = portray(pid);
    if (sitting === undefined) return undefined;
    const { portrait, parent } = sitting;
    const known = cache.get(portrait.key);
    if (known !== undefined) return known;
    const description = describe(portrait, findAncestors(parent));
    // A program that is just being executed has no command line yet.
    if (description.command.length > 0) cache.set(portrait.key, description);
    return description;
  };

  /** Those of the run, nearest first. An orphan's end where it was given to another parent. */
  function findAncestors(parent: number): Portrait[] {
    const ancestors: Portrait[] = [];
    for (let pid = parent; pid > 1 && ancestors.length < MAX_ANCESTORS;) {
      if (pid === process.pid) return ancestors;
      const sitting = portray(pid);
      if (sitting === undefined) break;
      ancestors.push(sitting.portrait);
      pid = sitting.parent;
    }
    const stranger = ancestors.findIndex(({ isOfRun }) => !isOfRun);
    return stranger === -1 ? ancestors : ancestors.slice(0, stranger);
  }

  function describe(portrait: Portrait, ancestors: readonly Portrait[]): Process {
    const { pid, name, command, executable, cwd } = portrait;
    const innermost = findInnermost([portrait, ...ancestors].map(({ evidence }) => evidence));
    const { packageName, script, ecosystem } = innermost ?? {};
    return {
      pid,
      name,
      command: shorten(command, MAX_COMMAND_LENGTH),
      ...(executable === undefined ? {} : { executable: executable.slice(0, MAX_TEXT) }),
      ...(cwd === undefined ? {} : { cwd: cwd.slice(0, MAX_TEXT) }),
      ...(ancestors.length === 0 ? {} : { parents: ancestors.slice(0, MAX_PARENTS).map(toParent) }),
      ...(ecosystem === undefined ? {} : { ecosystem }),
      ...(packageName === undefined ? {} : { package: redaction.text(packageName) }),
      ...(script === undefined ? {} : { script: redaction.text(script) }),
    };
  }
}

function toParent({ pid, name, command }: Portrait): Ancestor {
  return { pid, name, command: shorten(command, MAX_PARENT_COMMAND_LENGTH) };
}

/** The first arguments, and an ellipsis where some or the rest of one is missing. */
function shorten(command: readonly string[], length: number): string[] {
  const kept: string[] = [];
  let room = length;
  for (const argument of command) {
    if (argument.length >= room) return [...kept, `${argument.slice(0, room)}…`];
    kept.push(argument);
    room -= argument.length + 1;
  }
  return kept;
}
