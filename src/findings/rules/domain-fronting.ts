import { isIP } from 'node:net';
import type { Names } from '../../model/exchange.ts';
import type { DifferingNames } from '../../model/run.ts';
import type { Rule, Sighting } from '../rule.ts';

/** A name and an address may differ and mean one host: both are told as hosts, and only different names are fronting. */
export const domainFronting: Rule = {
  id: 'domain-fronting',
  look: ({ run }) => (run.differingNames ?? []).flatMap(describe),
};

function describe({ names, addresses, process, count }: DifferingNames): Sighting[] {
  const domains = new Set(hostsIn(names).filter((name) => isIP(name) === 0));
  if (domains.size < 2) return [];
  const dialled = addresses.length === 0 ? '' : `; dialled was ${addresses.join(', ')}`;
  return [
    {
      // Every name is in it: a waiver for one pair accepts no other.
      subject: [...domains].join(' as '),
      message: `different hosts are named by ${enumerate(partsOf(names))}${dialled}`,
      ...(process === undefined ? {} : { process }),
      count,
    },
  ];
}

/** The outermost first. */
function hostsIn({ connect, sni, authority, host = [] }: Names): string[] {
  return [connect, sni, authority, ...host].filter((name) => name !== undefined);
}

function partsOf({ connect, sni, authority, host = [] }: Names): string[] {
  return [
    ...(connect === undefined ? [] : [`the tunnel (${connect})`]),
    ...(sni === undefined ? [] : [`TLS (${sni})`]),
    ...(authority === undefined ? [] : [`the request (${authority})`]),
    ...(host.length === 0 ? [] : [`its Host field (${host.join(', ')})`]),
  ];
}

function enumerate(parts: readonly string[]): string {
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
