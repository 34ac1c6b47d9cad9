import { randomBytes } from 'node:crypto';

/** A value that no rule about shapes knows: letters and digits only, so that it looks the same in every encoding. */
export const createSecret = (): string => `S${randomBytes(15).toString('hex').replaceAll('a', 'Z')}q7`;

/** Every form in which a secret may be written down: plain, base64 at any offset, hex, percent-encoded. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return padded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return [secret, ...base64, percent, percent.toUpperCase(), encodeURIComponent(percent)];
}

/** The forms of the named secrets that stand in the text, as `name in FORM`. */
export function findLeaks(text: string, secrets: Readonly<Record<string, string>>): string[] {
  const lower = text.toLowerCase();
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret)
      .filter((form) => (form.includes('%') ? lower.includes(form.toLowerCase()) : text.includes(form)))
      .map((form) => `${name} in ${form}`),
  );
}
