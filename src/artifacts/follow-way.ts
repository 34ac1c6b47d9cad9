import type { Identity, Recognition } from './recogniser.ts';
import type { Chain } from './redirects.ts';

/** The URLs that led to an answer, from the one asked for to the one that answered, and their exchanges. */
export interface Way {
  readonly urls: readonly string[];
  readonly exchangeIds: readonly string[];
}

/**
 * What was asked for says what came, unless what answered is a package by its own URL, and another: then that is what
 * came, though the client opens it, and stores it, as what it had asked for. Where every redirect to it was followed
 * before, it was asked for itself.
 */
export function followWay(
  chain: Chain,
  direct: Way,
  recognise: (way: Way) => Recognition | undefined,
): { readonly recognition: Recognition; readonly way: Way } | undefined {
  const pair = (recognition: Recognition | undefined, way: Way) =>
    recognition === undefined ? undefined : { recognition, way };
  const own = recognise(direct);
  if (chain.urls.length === 0) return pair(own, direct);
  const led: Way = {
    urls: [...chain.urls, ...direct.urls],
    exchangeIds: [...chain.exchangeIds, ...direct.exchangeIds],
  };
  const named = packageOf(own);
  if (named !== undefined && chain.due === 0) return pair(own, direct);
  const asked = recognise(led);
  const isOther = named !== undefined && packageOf(asked)?.purl !== named.purl;
  return isOther ? pair(askedAs(own, asked), led) : pair(asked, led);
}

/** What answered, as the client takes it that had asked for something else. */
function askedAs(own: Recognition | undefined, asked: Recognition | undefined): Recognition | undefined {
  if (own?.kind !== 'artifact' || asked?.kind !== 'artifact') return own;
  const { keys, fileName, otherNames = [] } = asked.identity;
  const [key] = keys;
  const names = key === undefined ? otherNames : [{ key, fileName }, ...otherNames];
  return {
    ...own,
    identity: { ...own.identity, otherNames: [...(own.identity.otherNames ?? []), ...names] },
    ...(packageOf(asked) === undefined || asked.open === undefined ? {} : { open: asked.open }),
  };
}

function packageOf(recognition: Recognition | undefined): Identity | undefined {
  if (recognition?.kind !== 'artifact') return undefined;
  const { identity } = recognition;
  return identity.class === 'package' && identity.purl !== null ? identity : undefined;
}
