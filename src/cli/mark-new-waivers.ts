import type { WaiverList } from '../audit/index.ts';
import { readBaseFile } from '../audit/base-file.ts';
import type { Waiver } from '../model/waiver.ts';
import { AuditError } from '../support/errors.ts';
import { readWaiversIn } from './read-configuration.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Marks the waivers that the base commit does not have: whoever wrote the code under audit may have written them too. A
 * file that is in no repository is left as it is. Where the base cannot be read, that is said, and nothing is marked.
 */
export function markNewWaivers({ path, waivers }: WaiverList, env: Variables): WaiverList {
  const base = readBaseFile(path, process.cwd(), env);
  if (base === undefined) return { path, waivers };
  if ('problem' in base) return { path, waivers, base };
  const { named, commit, text } = base;
  try {
    const known = new Set(text === null ? [] : readWaiversIn(path, text).map(effectOf));
    const marked = waivers.map((waiver) => ({ ...waiver, isNew: !known.has(effectOf(waiver)) }));
    return { path, waivers: marked, base: { named, commit } };
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return {
      path,
      waivers,
      base: { named, commit, problem: 'the file of the base commit is not understood' },
    };
  }
}

/** What it accepts, and until when. */
function effectOf({ finding, subject, expires = '' }: Waiver): string {
  return [finding, subject, expires].join('\0');
}
