import { execFileSync } from 'node:child_process';

/** Every file of the working tree that is or would be committed, by its path from the root. */
export function listProductFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const deleted = new Set(
    execFileSync('git', ['ls-files', '-z', '--deleted'], { encoding: 'utf8' }).split('\0'),
  );
  return [...new Set(listed.split('\0'))].filter((name) => name !== '' && !deleted.has(name));
}
