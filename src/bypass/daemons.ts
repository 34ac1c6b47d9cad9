/** A service of this machine that fetches on a command's behalf. */
export interface Daemon {
  readonly name: string;
  /** Its unix socket. */
  readonly socket?: RegExp;
  /** Its own command line, where it listens on loopback. */
  readonly server?: RegExp;
  /** A command line that can do nothing without it. */
  readonly client?: RegExp;
  readonly advice: string;
}

// Words that need no daemon: `docker --version`, `docker help`, …
const ASKS_NOTHING = '(?!(?: -\\S+)* (?:--?v(?:ersion)?|-?-?help|-h|context|completion)\\b)';

export const daemons: readonly Daemon[] = [
  {
    name: 'Docker daemon',
    socket: /(?:^|\/)docker(?:\.raw)?\.sock$/,
    client: new RegExp(`^(?:\\S*/)?docker(?:-compose|-buildx)?${ASKS_NOTHING} \\S`),
    advice:
      'what it pulls, and what containers and builds fetch, is not seen: give builds the proxy as --build-arg',
  },
  {
    name: 'Podman service',
    socket: /(?:^|\/)podman\.sock$/,
    advice: 'what it pulls, and what containers fetch, is not seen: run podman itself instead of its service',
  },
  {
    name: 'BuildKit daemon',
    socket: /(?:^|\/)buildkitd\.sock$/,
    client: new RegExp(`^(?:\\S*/)?buildctl${ASKS_NOTHING} \\S`),
    advice: 'what builds fetch is not seen: give them the proxy as a build argument',
  },
  {
    name: 'containerd',
    socket: /(?:^|\/)containerd(?:\.sock|\/containerd\.sock)$/,
    client: new RegExp(`^(?:\\S*/)?(?:nerdctl|ctr|crictl)${ASKS_NOTHING} \\S`),
    advice: 'what it pulls, and what containers fetch, is not seen',
  },
  {
    name: 'Nix daemon',
    socket: /(?:^|\/)nix\/daemon-socket\/socket$/,
    advice:
      'what it substitutes and builds fetch is not seen: set its own proxy, or build with --store for your user',
  },
  {
    name: 'Gradle daemon',
    server: /\borg\.gradle\.launcher\.daemon\.bootstrap\.GradleDaemon\b/,
    advice:
      'it was running before, without the proxy: stop it with "gradle --stop", or build with --no-daemon',
  },
  {
    name: 'Bazel server',
    server: /^bazel\(|\bA-server\.jar\b/,
    advice: 'it was running before, without the proxy: stop it with "bazel shutdown" first',
  },
];
