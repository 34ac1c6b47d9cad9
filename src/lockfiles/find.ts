import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const MAX_FOUND = 50;
/** Every name that a parser may want; what a parser wants is its own to say. */
const lockfileName =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|(?:requirements|constraints)[\w.-]*\.txt|poetry\.lock|pdm\.lock|uv\.lock|Pipfile\.lock|pylock(?:\.[^.]+)?\.toml|Cargo\.lock|go\.(?:work\.)?sum|verification-metadata\.xml|(?:Dockerfile|Containerfile)(?:\..+)?|.+\.Dockerfile)$/;

/** Where ecosystems keep them below a project's directory. */
const folders = ['', 'gradle'];

/** Paths, relative to the directory, of what may be a lockfile there, in order. Reads no file. */
export function findLockfiles(directory: string): string[] {
  return folders
    .flatMap((folder) =>
      listFiles(join(directory, folder))
        .filter((name) => lockfileName.test(name))
        .map((name) => join(folder, name)),
    )
    .sort()
    .slice(0, MAX_FOUND);
}

function listFiles(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
