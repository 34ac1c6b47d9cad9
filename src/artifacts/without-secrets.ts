import type { Identity } from './recogniser.ts';
import { withoutQuery } from './url-view.ts';

/** What is named by nothing but its URL must not tell what that URL hides. */
export function withoutSecrets(
  { keys, purl, name, fileName }: Identity,
  { urls, shown }: { urls: readonly string[]; shown: readonly string[] },
): Pick<Identity, 'purl' | 'name' | 'fileName'> {
  const [url = '', address = ''] = [urls[0], shown[0]].map((one) => one && withoutQuery(one));
  if (keys.length > 0 || url === address) return { purl, name, fileName };
  return { purl: null, name: address, fileName: null };
}
