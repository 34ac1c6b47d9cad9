import type { UploadSummary } from '../model/run.ts';
import type { RecordedEventOf } from './recorded-event.ts';

type Completed = RecordedEventOf<'exchange-completed'>;

/** Of a URL, in what is kept of it. */
export const MAX_URL = 2_048;

/** Failures before anything of a request could go out: the place was not reached, or was not who it should be. */
const UNSENT =
  /^(?:dns-failed|loop-detected|connection-refused|unreachable|certificate-.+|upstream-proxy-(?:unreachable|denied|auth-.+))$/;

/** Bodies, and what followed a switch of protocols; answers of our own came from nowhere, and some bodies went nowhere. */
export function bytesOf(event: Completed): { bytesIn: number; bytesOut: number } {
  const { response, upgrade } = event;
  const received = response?.by === 'upstream' ? response.body.size : 0;
  return {
    bytesIn: received + (upgrade?.bytesIn ?? 0),
    bytesOut: sentSizeOf(event) + (upgrade?.bytesOut ?? 0),
  };
}

/** Bytes of the request's body that could go out. */
export function sentSizeOf({ request, error }: Completed): number {
  return error !== null && UNSENT.test(error.code) ? 0 : request.body.size;
}

/** @param size of what could go out */
export function uploadOf(
  { method, url, body: { sha256 } }: Pick<Completed['request'], 'method' | 'url' | 'body'>,
  size: number,
  host: string,
): UploadSummary | undefined {
  if (size === 0) return undefined;
  const digest = sha256 === undefined ? {} : { sha256 };
  return { method, url: url.slice(0, MAX_URL), host, size, ...digest, count: 1 };
}

/** No response head, or a body that was cut short; of what was not read neither is known. */
export function failureOf({
  error,
  response,
  unparsed,
}: Completed): { code: string; message: string } | undefined {
  if (error !== null) return { code: error.code, message: error.message };
  if (unparsed !== undefined) return undefined;
  if (response === null) return { code: 'no-response', message: 'no response came' };
  if (response.body.complete !== false) return undefined;
  return { code: response.body.error ?? 'cut-short', message: 'the response body was cut short' };
}
