/** Every name that a parser may want; what a parser wants is its own to say. */
const lockfileName =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|(?:requirements|constraints)[\w.-]*\.txt|poetry\.lock|pdm\.lock|uv\.lock|Pipfile\.lock|pylock(?:\.[^.]+)?\.toml|Cargo\.lock|go\.(?:work\.)?sum|verification-metadata\.xml|(?:Dockerfile|Containerfile)(?:\..+)?|.+\.Dockerfile)$/;

export function isLockfileName(fileName: string): boolean {
  return lockfileName.test(fileName);
}

const ecosystems: readonly (readonly [names: RegExp, ecosystem: string])[] = [
  [/^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock)$/, 'npm'],
  [/^(?:poetry\.lock|pdm\.lock|uv\.lock|Pipfile\.lock|pylock(?:\.[^.]+)?\.toml)$/, 'pypi'],
  [/^Cargo\.lock$/, 'cargo'],
  [/^go\.(?:work\.)?sum$/, 'golang'],
  [/^verification-metadata\.xml$/, 'maven'],
];

/** Of a lockfile that tools look for by its name, in the directories above too. */
export function ecosystemOfLockfile(fileName: string): string | undefined {
  return ecosystems.find(([names]) => names.test(fileName))?.[1];
}
