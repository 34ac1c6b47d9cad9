/** That a process is part of a package's lifecycle script. */
export interface Evidence {
  /** Type of a package URL. */
  readonly ecosystem: string;
  /** `name@version`, or the name where no version is told. */
  readonly packageName?: string;
  readonly script: string;
}

/** What a process tells about itself. All of it is hostile. */
export interface ProcessFacts {
  readonly argv: readonly string[];
  /** The value of a variable that the program was started with; undefined when it is missing or empty. */
  readonly variable: (name: string) => string | undefined;
  /** Undefined where it must not be known. */
  readonly cwd: string | undefined;
  /** The beginning of a regular file in the working directory. */
  readonly read: (name: string) => string | undefined;
}

/** Finds what proves that a process belongs to a package; a guess is nothing. */
export type Recognise = (facts: ProcessFacts) => Evidence | undefined;

const MAX_LENGTH = 256;

export interface Named {
  readonly name: string | undefined;
  readonly version?: string | undefined;
}

/** Evidence within bounds; the name is left out where there is none. */
export function stateEvidence(ecosystem: string, script: string, { name, version }: Named): Evidence {
  const packageName = name && (version ? `${name}@${version}` : name);
  return {
    ecosystem,
    script: script.slice(0, MAX_LENGTH),
    ...(packageName ? { packageName: packageName.slice(0, MAX_LENGTH) } : {}),
  };
}

export function isSameEvidence(one: Evidence, other: Evidence): boolean {
  return keyOf(one) === keyOf(other);
}

/**
 * The innermost package that a process works for. `levels` holds the evidence of the process and of its ancestors,
 * nearest first. Variables are inherited, so that of several packages the one that began nearest to the process counts.
 */
export function findInnermost(levels: readonly (readonly Evidence[])[]): Evidence | undefined {
  const began = new Map<string, { readonly evidence: Evidence; readonly depth: number }>();
  levels.forEach((level, depth) => {
    for (const evidence of level) began.set(keyOf(evidence), { evidence, depth });
  });
  return [...began.values()].sort((a, b) => a.depth - b.depth)[0]?.evidence;
}

function keyOf({ ecosystem, packageName, script }: Evidence): string {
  return [ecosystem, packageName, script].join('\0');
}
