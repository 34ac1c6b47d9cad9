import type { Baseline, BaselineArtifact } from '../model/baseline.ts';
import type { ChangedBytes, ChangedVersion, Difference } from '../model/difference.ts';
import { compareText } from '../support/compare.ts';

/** What `after` has other than `before`. */
export function compareBaselines(before: Baseline, after: Baseline): Difference {
  const [old, fresh] = [groupByName(before.artifacts), groupByName(after.artifacts)];
  const addedArtifacts = onlyIn(fresh, old);
  const removedArtifacts = onlyIn(old, fresh);
  return {
    addedHosts: missing(after.hosts, before.hosts),
    removedHosts: missing(before.hosts, after.hosts),
    addedArtifacts,
    removedArtifacts,
    changedVersions: pairVersions(removedArtifacts, addedArtifacts),
    changedBytes: [...fresh].flatMap(([key, group]) => compareBytes(old.get(key), group)),
  };
}

/** Whether nothing differs. */
export function isSame(difference: Difference): boolean {
  return Object.values(difference).every((list: readonly unknown[]) => list.length === 0);
}

type Groups = ReadonlyMap<string, readonly BaselineArtifact[]>;

/** Several of one name have different bytes. */
function groupByName(artifacts: readonly BaselineArtifact[]): Groups {
  const groups = new Map<string, BaselineArtifact[]>();
  for (const artifact of artifacts) {
    const key = `${artifact.subject}\0${artifact.file ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [artifact]);
    else group.push(artifact);
  }
  return groups;
}

function onlyIn(groups: Groups, others: Groups): BaselineArtifact[] {
  return [...groups].flatMap(([key, group]) => (others.has(key) ? [] : group));
}

function missing(names: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return names.filter((name) => !known.has(name));
}

/** Bytes that were not there before; that some of several are gone is nothing. */
function compareBytes(
  old: readonly BaselineArtifact[] | undefined,
  group: readonly BaselineArtifact[],
): ChangedBytes[] {
  const [first] = group;
  if (old === undefined || first === undefined) return [];
  const before = digestsOf(old);
  const after = digestsOf(group);
  // Where nothing was computed nothing can be compared.
  if (before.length === 0 || missing(after, before).length === 0) return [];
  return [
    { subject: first.subject, ...(first.file === undefined ? {} : { file: first.file }), before, after },
  ];
}

function digestsOf(group: readonly BaselineArtifact[]): string[] {
  return group.flatMap(({ digest }) => digest ?? []);
}

function pairVersions(
  removed: readonly BaselineArtifact[],
  added: readonly BaselineArtifact[],
): ChangedVersion[] {
  const before = versionsByPackage(removed);
  return [...versionsByPackage(added)].flatMap(([subject, after]) => {
    const old = before.get(subject);
    return old === undefined ? [] : [{ subject, before: [...old], after: [...after] }];
  });
}

function versionsByPackage(artifacts: readonly BaselineArtifact[]): Map<string, Set<string>> {
  const versions = new Map<string, Set<string>>();
  for (const { subject } of artifacts) {
    const parsed = splitPurl(subject);
    if (parsed === undefined) continue;
    const known = versions.get(parsed.name) ?? new Set();
    versions.set(parsed.name, known.add(parsed.version));
  }
  return new Map([...versions].sort(([a], [b]) => compareText(a, b)));
}

/** `pkg:TYPE/NAME@VERSION?…`; undefined for a subject without a version. Other `@` are escaped. */
export function splitPurl(subject: string): { name: string; version: string } | undefined {
  const [, name, version] = /^(pkg:[^@?#]+)@([^?#]+)/.exec(subject) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}
