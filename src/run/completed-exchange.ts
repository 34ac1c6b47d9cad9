import type { UploadSummary } from '../model/run.ts';
import type { RecordedEventOf } from './recorded-event.ts';

type Completed = RecordedEventOf<'exchange-completed'>;

/** Of a URL, in what is kept of it. */
export const MAX_URL = 2_048;

/** Bodies, and what followed a switch of protocols; answers of our own came from nowhere. */
export function bytesOf({ request, response, upgrade }: Completed): { bytesIn: number; bytesOut: number } {
  const received = response?.by === 'upstream' ? response.body.size : 0;
  return {
    bytesIn: received + (upgrade?.bytesIn ?? 0),
    bytesOut: request.body.size + (upgrade?.bytesOut ?? 0),
  };
}

export function uploadOf({ request }: Completed, host: string): { upload?: UploadSummary } {
  const { size, sha256 } = request.body;
  if (size === 0) return {};
  const digest = sha256 === undefined ? {} : { sha256 };
  return {
    upload: { method: request.method, url: request.url.slice(0, MAX_URL), host, size, ...digest, count: 1 },
  };
}

/** No response head, or a body that was cut short. */
export function failureOf({ error, response }: Completed): { code: string; message: string } | undefined {
  if (error !== null) return { code: error.code, message: error.message };
  if (response === null) return { code: 'no-response', message: 'no response came' };
  if (response.body.complete) return undefined;
  return { code: response.body.error ?? 'cut-short', message: 'the response body was cut short' };
}
