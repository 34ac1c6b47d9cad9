/** The members that every line has. */
export interface Envelope {
  readonly v: number;
  readonly seq: number;
  readonly type: string;
  readonly prev: string;
}

/** Reads a line; a string says what it is instead of an event. */
export function parseEnvelope(line: Buffer): Envelope | string {
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return line.length === 0 ? 'empty' : 'no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'no JSON object';
  const { v, seq, type, prev } = value as Record<string, unknown>;
  const isEvent =
    typeof v === 'number' && typeof seq === 'number' && typeof type === 'string' && typeof prev === 'string';
  return isEvent ? (value as Envelope) : 'no event: v, seq, type or prev is missing';
}
