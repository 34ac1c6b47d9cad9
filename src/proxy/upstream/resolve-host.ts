import { ADDRCONFIG } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { platform } from 'node:os';

/**
 * The addresses of a host, in the order in which they are tried: as the system sorts them (RFC 6724), its families in turn
 * (RFC 8305), so that one family which does not work costs one attempt. An address is its own.
 *
 * @throws what the system's resolver says, such as `ENOTFOUND`
 */
export async function resolveHost(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true, hints: platform() === 'win32' ? 0 : ADDRCONFIG });
  const first = found[0]?.family;
  const [preferred, others] = [
    found.filter(({ family }) => family === first),
    found.filter(({ family }) => family !== first),
  ];
  return preferred
    .flatMap((entry, index) => [entry, ...(others[index] === undefined ? [] : [others[index]])])
    .concat(others.slice(preferred.length))
    .map(({ address }) => address);
}
