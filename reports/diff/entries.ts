import type { BaselineArtifact } from '../../src/model/baseline.ts';
import type { Comparison } from '../../src/model/difference.ts';
import { nameOfProcess } from '../text/describe-process.ts';

/** One difference as a line of a report. */
export interface Entry {
  readonly kind: 'added' | 'removed' | 'version' | 'bytes';
  readonly subject: string;
  /** What became of what. */
  readonly change: string;
  /** Who asked. */
  readonly who: string;
}

export interface Entries {
  readonly hosts: readonly Entry[];
  readonly artifacts: readonly Entry[];
}

/** What stands out first: other bytes, other versions, what is new, what is gone. Nothing is told twice. */
export function listEntries(comparison: Comparison): Entries {
  const { difference } = comparison;
  const plain =
    (kind: Entry['kind'], isNew: boolean) =>
    (subject: string, change = ''): Entry => ({
      kind,
      subject,
      change,
      who: isNew ? whoOf(comparison, subject) : '',
    });
  const [added, removed] = [plain('added', true), plain('removed', false)];
  const paired = new Set(difference.changedVersions.map(({ subject }) => subject));
  const isAlone = ({ subject }: BaselineArtifact): boolean => !paired.has(subject.split('@', 1)[0] ?? '');
  return {
    hosts: [
      ...difference.addedHosts.map((host) => added(host)),
      ...difference.removedHosts.map((host) => removed(host)),
    ],
    artifacts: [
      ...difference.changedBytes.map(({ subject, file, before, after }) => ({
        ...plain('bytes', true)(subject, `${list(before)} → ${list(after)}`),
        subject: file === undefined ? subject : `${subject} ${file}`,
      })),
      ...difference.changedVersions.map(({ subject, before, after }): Entry => {
        const fresh = difference.addedArtifacts.find((one) => one.subject.startsWith(`${subject}@`));
        const who = fresh === undefined ? '' : whoOf(comparison, fresh.subject);
        return { kind: 'version', subject, change: `${list(before)} → ${list(after)}`, who };
      }),
      ...difference.addedArtifacts.filter(isAlone).map(({ subject, digest }) => added(subject, digest ?? '')),
      ...difference.removedArtifacts.filter(isAlone).map(({ subject }) => removed(subject)),
    ],
  };
}

function list(texts: readonly string[]): string {
  return texts.join(', ');
}

function whoOf({ askedBy }: Comparison, subject: string): string {
  return (askedBy.get(subject) ?? []).map((process) => nameOfProcess({ process })).join(', ');
}
