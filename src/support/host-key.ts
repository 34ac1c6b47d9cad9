/** As the journal has them of one request. */
interface Names {
  readonly connect?: string | undefined;
  readonly sni?: string | undefined;
  readonly authority?: string | undefined;
  readonly host?: readonly string[] | undefined;
}

/** Host as dialled, with `:port` where the port is not the scheme's own. */
export function hostOfUrl(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^/?#:]*)(?::(\d{1,5}))?/i.exec(url);
  const host = match?.[2]?.toLowerCase() ?? '';
  if (match === null || host === '') return '(unknown)';
  const port = match[3];
  return port === undefined || port === defaultPort(match[1] ?? '') ? host : `${host}:${port}`;
}

/**
 * All hosts that a request named: that of its URL first, which is the dialled one, then what else it was sent by, at the
 * port of the URL.
 */
export function hostsOfRequest(url: string, names: Names | undefined): string[] {
  const host = hostOfUrl(url);
  return names === undefined ? [host] : withOtherNames(host, names);
}

/** The same for a tunnel that was not read. */
export function hostsOfTunnel(
  destination: { host: string; port: number },
  names: Names | undefined,
): string[] {
  const host = hostOfDestination(destination);
  return names === undefined ? [host] : withOtherNames(host, names);
}

function withOtherNames(dialled: string, { connect, sni, authority, host = [] }: Names): string[] {
  const [, port = ''] = /(:\d{1,5})$/.exec(dialled.replace(/^\[.*\]/, '')) ?? [];
  const others = [connect === undefined ? undefined : authority, sni, ...host].filter(
    (name) => name !== undefined && name !== (connect ?? authority),
  );
  return [
    dialled,
    ...new Set(others.map((name = '') => `${name.includes(':') ? `[${name}]` : name}${port}`)),
  ];
}

/** The host of a connection, whose scheme is not known: 80 and 443 go without saying. */
export function hostOfDestination({ host, port }: { host: string; port: number }): string {
  const name = host.includes(':') ? `[${host}]` : host.toLowerCase();
  return port === 80 || port === 443 ? name : `${name}:${port}`;
}

function defaultPort(scheme: string): string {
  const lower = scheme.toLowerCase();
  return lower === 'https' || lower === 'wss' ? '443' : '80';
}
