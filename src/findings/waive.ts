import type { Acceptance, Finding } from '../model/finding.ts';
import type { Waiver } from '../model/waiver.ts';

/**
 * What waivers say of findings: one that fits makes a finding not count, one whose last day was over makes it count
 * again. `day` is that on which the run began (`YYYY-MM-DD`, UTC), so that a report says the same whenever it is made.
 */
export function waive(findings: readonly Finding[], waivers: readonly Waiver[], day: string): Finding[] {
  if (waivers.length === 0) return [...findings];
  return findings.map((finding) => {
    const fitting = waivers.filter(
      (waiver) => waiver.finding === finding.rule && fits(waiver.subject, finding.subject),
    );
    const valid = fitting.find(({ expires }) => expires === undefined || day <= expires);
    if (valid !== undefined) return { ...finding, waiver: acceptanceOf(valid) };
    const [expired] = fitting;
    return expired === undefined ? finding : { ...finding, expiredWaiver: acceptanceOf(expired) };
  });
}

function acceptanceOf({ reason, expires, isNew }: Waiver): Acceptance {
  return {
    reason,
    ...(expires === undefined ? {} : { expires }),
    ...(isNew === true ? { isNew } : {}),
  };
}

/** Whether it is this waiver that a finding was accepted by, or one that says the same. */
export function isWaivedBy({ rule, subject, waiver }: Finding, by: Waiver): boolean {
  if (waiver === undefined || rule !== by.finding || !fits(by.subject, subject)) return false;
  return waiver.reason === by.reason && waiver.expires === by.expires;
}

/** `*` in the pattern stands for any text. In time that grows with pattern and text alone, whatever they are. */
function fits(pattern: string, text: string): boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return pattern === text;
  if (!text.startsWith(start)) return false;
  let at = start.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - end.length >= at && text.endsWith(end);
}
