import type { Run } from '../../src/model/run.ts';
import type { WaiverBase, WaiverSummary } from '../../src/model/waiver.ts';
import { formatQuantity } from '../../src/support/quantities.ts';

export interface WaiverNotice {
  /** What it accepts, why, and what is to be known of it. */
  readonly text: string;
  /** It is new, or may be. */
  readonly isUnreviewed: boolean;
}

/** Waivers that a reader should look at: those that are new, or may be, and those that accept whatever it is about. */
export function noticeWaivers({ waivers = [] }: Run): WaiverNotice[] {
  return waivers
    .map((waiver) => ({ waiver, reasons: reasonsOf(waiver) }))
    .filter(({ reasons }) => reasons.length > 0)
    .map(({ waiver, reasons }) => ({
      text: [describe(waiver), ...reasons].join('; '),
      isUnreviewed: waiver.isNew === true || waiver.base?.problem !== undefined,
    }));
}

function describe({ finding, subject, reason, expires, findings }: WaiverSummary): string {
  const until = expires === undefined ? '' : ` (until ${expires})`;
  return `${finding} ${subject}: ${reason}${until}; accepts ${formatQuantity(findings, 'finding')}`;
}

function reasonsOf({ subject, isNew, base }: WaiverSummary): string[] {
  return [
    ...(isNew === true ? [`new: ${nameBase(base)} does not have it`] : []),
    ...(base?.problem === undefined ? [] : [`whether it is new is not known: ${base.problem}`]),
    ...(/^[*\s]+$/.test(subject) ? ['it accepts this finding whatever it is about'] : []),
  ];
}

/** `HEAD (1a2b3c4)`, or the commit and the variable that names it. */
function nameBase(base: WaiverBase | undefined): string {
  const { named = 'the base commit', commit = '' } = base ?? {};
  const short = commit.slice(0, 7);
  return named === 'HEAD' ? `HEAD (${short})` : `the base commit ${short} (${named})`;
}
