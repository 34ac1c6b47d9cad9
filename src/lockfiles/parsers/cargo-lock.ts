// https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html
import type { LockedEntry } from '../../model/artifact.ts';
import { LineFinder } from '../line-finder.ts';
import {
  checkedDigest,
  commitDigest,
  fragmentOf,
  itemsOf,
  membersOf,
  textOf,
  type LockfileParser,
} from '../parser.ts';

/** Cargo.lock: a checksum for crates of registries, a commit for those of git; nothing for those of the workspace. */
export const cargoLock: LockfileParser = {
  id: 'cargo-lock',
  ecosystem: 'cargo',
  matches: (fileName) => fileName === 'Cargo.lock',
  syntax: 'toml',
  isEmpty: (_text, toml) => itemsOf(membersOf(toml)['package']).length === 0,
  parse(text, toml) {
    const document = membersOf(toml);
    const metadata = membersOf(document['metadata']);
    const lines = new LineFinder(text);
    const entries = itemsOf(document['package']).flatMap((value): LockedEntry[] => {
      const described = membersOf(value);
      const line = lines.next('[[package]]');
      lines.next('name');
      const name = textOf(described['name']);
      const version = textOf(described['version']);
      const source = textOf(described['source']);
      if (name === undefined || version === undefined || source === undefined) return [];
      const commit = source.startsWith('git+') ? commitDigest(fragmentOf(source)) : [];
      // The first format had the checksums in one table.
      const checksum = described['checksum'] ?? metadata[`checksum ${name} ${version} (${source})`];
      const digest = checkedDigest('sha256', checksum);
      return [{ name, version, expected: digest === undefined ? commit : [digest], line }];
    });
    return joinNamesakes(entries);
  },
};

/** Two registries may each have a crate of the same name and version: a file of that name is one of them. */
function joinNamesakes(entries: readonly LockedEntry[]): LockedEntry[] {
  const joined = new Map<string, LockedEntry>();
  for (const entry of entries) {
    const key = `${entry.name}@${entry.version ?? ''}`;
    const known = joined.get(key);
    joined.set(
      key,
      known === undefined ? entry : { ...known, expected: [...known.expected, ...entry.expected] },
    );
  }
  return [...joined.values()];
}
