const TOLD: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of the path is no directory',
  EROFS: 'the file system is read-only',
};

/** Why a file could not be read or written, without the system's own code and the path, which the caller tells. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code, message } = cause as NodeJS.ErrnoException;
  return TOLD[code ?? ''] ?? message;
}
