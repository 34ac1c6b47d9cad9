/** Every name that a parser may want; what a parser wants is its own to say. */
const lockfileName =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|(?:requirements|constraints)[\w.-]*\.txt|poetry\.lock|pdm\.lock|uv\.lock|Pipfile\.lock|pylock(?:\.[^.]+)?\.toml|Cargo\.lock|go\.(?:work\.)?sum|verification-metadata\.xml|(?:Dockerfile|Containerfile)(?:\..+)?|.+\.Dockerfile)$/;

export function isLockfileName(fileName: string): boolean {
  return lockfileName.test(fileName);
}
