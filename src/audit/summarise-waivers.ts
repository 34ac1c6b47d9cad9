import { isWaivedBy } from '../findings/index.ts';
import type { Finding } from '../model/finding.ts';
import type { PlacedWaiver, WaiverSummary } from '../model/waiver.ts';

/** The waivers of one journal, and how many of its findings each accepts. */
export function summariseWaivers(
  waivers: readonly PlacedWaiver[],
  findings: readonly Finding[],
): { waivers?: WaiverSummary[] } {
  return present(
    waivers.map((waiver) => {
      const accepted = findings.filter((finding) => isWaivedBy(finding, waiver));
      return { ...waiver, findings: accepted.reduce((sum, { count }) => sum + count, 0) };
    }),
  );
}

/** Each once, of several journals. */
export function mergeWaivers(all: readonly WaiverSummary[]): { waivers?: WaiverSummary[] } {
  const merged = new Map<string, WaiverSummary>();
  for (const summary of all) {
    const { findings, ...waiver } = summary;
    const key = JSON.stringify(waiver);
    merged.set(key, { ...summary, findings: findings + (merged.get(key)?.findings ?? 0) });
  }
  return present([...merged.values()]);
}

function present(waivers: WaiverSummary[]): { waivers?: WaiverSummary[] } {
  return waivers.length === 0 ? {} : { waivers };
}
