interface Service {
  readonly name: string;
  readonly advice?: string;
}

const DIRECT = 'it was made without the proxy';
const SSH = `ssh uses no HTTP proxy: fetch by https, or give ssh a ProxyCommand`;
const QUIC = 'QUIC uses no proxy: switch HTTP/3 off in that program';

/** What the ports of servers are usually for. */
const services: Readonly<Record<string, Service>> = {
  'tcp 21': { name: 'ftp' },
  'tcp 22': { name: 'ssh', advice: SSH },
  'tcp 25': { name: 'smtp' },
  'tcp 53': { name: 'dns' },
  'udp 53': { name: 'dns' },
  'tcp 80': { name: 'http' },
  'tcp 443': { name: 'https' },
  'udp 443': { name: 'quic', advice: QUIC },
  'tcp 587': { name: 'smtp' },
  'tcp 853': { name: 'dns over tls' },
  'udp 123': { name: 'ntp' },
  'tcp 873': { name: 'rsync' },
  'tcp 3306': { name: 'mysql' },
  'tcp 5432': { name: 'postgresql' },
  'tcp 6379': { name: 'redis' },
  'tcp 9418': { name: 'git', advice: 'git:// uses no proxy: fetch by https' },
};

/** Undefined where the port says nothing. */
export function nameService(transport: string, port: number): string | undefined {
  return services[`${transport} ${port}`]?.name;
}

/** What programs want to use the proxy that our variables did not give them. */
const programs: readonly (readonly [RegExp, string])[] = [
  [/^ssh$|^scp$|^sftp$/, SSH],
  [/^java$/, `${DIRECT}: give Java -Dhttps.proxyHost and -Dhttps.proxyPort, which JAVA_TOOL_OPTIONS holds`],
  [
    /^(?:node|bun|deno|npm.*|yarn.*|pnpm.*)$/,
    `${DIRECT}: let its HTTP client use HTTPS_PROXY, or an agent for it`,
  ],
  [
    /^python/,
    `${DIRECT}: let its HTTP client trust the environment (HTTPS_PROXY), as requests and urllib do`,
  ],
];

/** What would lead such a connection through the proxy. */
export function adviseBypass(program: string, transport: string, port: number): string {
  const ofService = services[`${transport} ${port}`]?.advice;
  if (ofService !== undefined) return ofService;
  if (transport === 'udp') return 'UDP uses no proxy: switch it off in that program if it has TCP too';
  const ofProgram = programs.find(([name]) => name.test(program))?.[1];
  return ofProgram ?? `${DIRECT}: give the program its own proxy option; HTTPS_PROXY is set for it`;
}
