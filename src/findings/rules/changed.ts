import type { Artifact } from '../../model/artifact.ts';
import { aboutArtifact } from '../about-artifact.ts';
import type { Evidence, Rule, Sighting } from '../rule.ts';
import { shortenDigest } from '../shorten-digest.ts';

export const changed: Rule = {
  id: 'changed',
  look: (evidence) => [...withinRun(evidence), ...sinceBaseline(evidence)],
};

/** Whose bytes must be the same each time; a commit or a layer is packed anew, and has its digest in its name. */
const LASTING: ReadonlySet<Artifact['class']> = new Set(['package', 'archive', 'binary', 'script']);
const MAX_SHOWN = 3;

function withinRun({ run }: Evidence): Sighting[] {
  const groups = new Map<string, Artifact[]>();
  for (const artifact of run.artifacts) {
    if (!isLasting(artifact)) continue;
    for (const key of keysOf(artifact)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [artifact]);
      else group.push(artifact);
    }
  }
  const told = new Map<string, Sighting>();
  for (const group of groups.values()) {
    const digests = [...new Set(group.flatMap(({ digests: { sha256 } }) => sha256 ?? []))].sort();
    const [first] = group;
    if (digests.length < 2 || first === undefined) continue;
    const message = `it was fetched with ${digests.length} different contents: sha256 ${list(digests)}`;
    // By URL and by name it is the same finding.
    told.set(digests.join(), { ...aboutArtifact(first), message });
  }
  return [...told.values()];
}

function isLasting({ class: kind, direction, digests, version }: Artifact): boolean {
  if (direction !== 'fetched' || digests.sha256 === undefined) return false;
  return LASTING.has(kind) && version?.endsWith('-SNAPSHOT') !== true;
}

function keysOf({ purl, fileName, urls }: Artifact): string[] {
  const [asked] = urls;
  return [
    ...(purl === null ? [] : [`${purl}\0${fileName ?? ''}`]),
    ...(asked === undefined ? [] : [`url\0${asked}`]),
  ];
}

function sinceBaseline({ difference }: Evidence): Sighting[] {
  return (difference?.changedBytes ?? []).map(({ subject, file, before, after }) => {
    const what = file === undefined ? 'its bytes' : `the bytes of ${file}`;
    return { subject, message: `${what} are not those of the baseline: ${list(after)}, not ${list(before)}` };
  });
}

function list(digests: readonly string[]): string {
  const more = digests.length > MAX_SHOWN ? ', …' : '';
  return digests.slice(0, MAX_SHOWN).map(shortenDigest).join(', ') + more;
}
