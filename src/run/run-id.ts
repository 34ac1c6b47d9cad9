import { randomBytes } from 'node:crypto';

const PATTERN = /^\d{8}T\d{6}Z-\d{3}[0-9a-f]{3}$/;

/** An id that sorts by time: `20261121T013753Z-042f2e`, after the dash three digits of milliseconds and a random part. */
export function createRunId(now: Date): string {
  const [date = '', fraction = ''] = now.toISOString().replace(/[-:Z]/g, '').split('.');
  return `${date}Z-${fraction}${randomBytes(2).toString('hex').slice(1)}`;
}

export function isRunId(name: string): boolean {
  return PATTERN.test(name);
}

/** When a run began, in milliseconds since 1970, as its id tells. */
export function timeOfRun(runId: string): number {
  return Date.parse(
    runId.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-(\d{3}).*$/, '$1-$2-$3T$4:$5:$6.$7Z'),
  );
}
