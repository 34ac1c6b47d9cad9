import type { ChildEnvironment } from '../environment/index.ts';
import type { UpstreamProxies } from '../proxy/index.ts';
import { inPortions } from './in-portions.ts';
import type { WaiverList } from './options.ts';
import type { Recording } from './recording.ts';

type ReplacedSetting = ChildEnvironment['replaced'][number];

const uses = ['http', 'https', 'all'] as const;

/** What of the user's own settings keeps traffic away from us, or no longer leads it where the user wanted it. */
export function recordSettings(
  { record }: Recording,
  { replaced, bypassed }: ChildEnvironment,
  proxies: UpstreamProxies | undefined,
): void {
  const otherwise = replaced.filter((setting) => !isKept(setting, proxies)).map(({ name }) => name);
  for (const name of new Set(otherwise)) {
    record({
      type: 'blind-spot',
      kind: 'replaced-setting',
      subject: name,
      advice: `${name} named another proxy; in this run connections go to proxaudit, and from there ${describeWay(proxies)}`,
    });
  }
  for (const host of bypassed) {
    record({
      type: 'blind-spot',
      kind: 'no-proxy',
      subject: host,
      advice: `connections to ${host} are not seen: take it out of NO_PROXY`,
    });
  }
}

/** What findings the user accepts. */
export function recordWaivers({ record, redactor }: Recording, lists: readonly WaiverList[]): void {
  for (const { path, waivers, base } of lists) {
    const shown = waivers.map((waiver) => ({
      ...waiver,
      subject: redactor.text(waiver.subject),
      reason: redactor.text(waiver.reason),
    }));
    for (const portion of inPortions(shown)) {
      const compared = base === undefined ? {} : { base };
      record({ type: 'waivers-loaded', path: redactor.text(path), ...compared, waivers: portion });
    }
  }
}

/** From us on, the traffic of the setting takes the way that it named. */
function isKept({ proxies: named }: ReplacedSetting, proxies: UpstreamProxies | undefined): boolean {
  if (named === undefined) return false;
  return uses.every((use) => {
    const url = named[use];
    return url === undefined || (proxies === undefined ? url === '' : proxies.isInUse(use, url));
  });
}

function describeWay(proxies: UpstreamProxies | undefined): string {
  const shown = new Set(uses.flatMap((use) => proxies?.of(use)?.shown ?? []));
  return shown.size === 0 ? 'directly' : `through ${[...shown].join(' or ')} (see --upstream-proxy)`;
}
