/** Host as dialled, with `:port` where the port is not the scheme's own. */
export function hostOfUrl(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^/?#:]*)(?::(\d{1,5}))?/i.exec(url);
  const host = match?.[2]?.toLowerCase() ?? '';
  if (match === null || host === '') return '(unknown)';
  const port = match[3];
  return port === undefined || port === defaultPort(match[1] ?? '') ? host : `${host}:${port}`;
}

/** The same for a connection, whose scheme is not known: 80 and 443 go without saying. */
export function hostOfDestination({ host, port }: { host: string; port: number }): string {
  const name = host.includes(':') ? `[${host}]` : host.toLowerCase();
  return port === 80 || port === 443 ? name : `${name}:${port}`;
}

function defaultPort(scheme: string): string {
  const lower = scheme.toLowerCase();
  return lower === 'https' || lower === 'wss' ? '443' : '80';
}
