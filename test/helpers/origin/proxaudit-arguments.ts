import type { LocalServer } from './serve.ts';

/** The options by which proxaudit dials `name` at this server: `http`, `https` and, on port 8443, `https1`. */
export function resolveArguments(name: string, { ports }: Pick<LocalServer, 'ports'>): string[] {
  const pairs = [
    [80, ports.http],
    [443, ports.https],
    [8443, ports.https1],
  ];
  return pairs.flatMap(([port, local]) => ['--resolve', `${name}:${port}=127.0.0.1:${local}`]);
}
