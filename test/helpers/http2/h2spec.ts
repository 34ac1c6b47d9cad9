import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { missingOneOf, runOffline } from '../registries/commands.ts';
import { ownEnvironment } from '../registries/client-environment.ts';
import { runCommand } from '../origin/run-command.ts';
import { cachedTool, type Installation } from '../tools/cached-tool.ts';

/** The newest version that the Go registry serves has no module file of its own: what it builds with is pinned here. */
const goMod = `module h2spec-build

go 1.21

require (
\tgithub.com/fatih/color v1.18.0
\tgithub.com/spf13/cobra v1.8.1
\tgithub.com/summerwind/h2spec v2.2.1+incompatible
\tgolang.org/x/net v0.40.0
)
`;

/** Builds h2spec from the Go registry, once. */
export async function findH2spec(): Promise<Installation> {
  const reason = missingOneOf('go');
  if (reason !== undefined) return { reason };
  return cachedTool('h2spec', (directory) => {
    writeFileSync(join(directory, 'go.mod'), goMod);
    const GOCACHE = join(tmpdir(), `proxaudit-go-cache-${userInfo().uid}`);
    const GOPATH = join(directory, 'path');
    mkdirSync(GOPATH);
    runOffline(['go', 'build', '-o', 'h2spec', 'github.com/summerwind/h2spec/cmd/h2spec'], {
      cwd: directory,
      env: ownEnvironment({ GOCACHE, GOPATH, GOFLAGS: '-mod=mod -modcacherw', GOTOOLCHAIN: 'local' }),
    });
    rmSync(GOPATH, { recursive: true });
  });
}

export interface H2specTarget {
  readonly port: number;
  readonly isSecure: boolean;
  /** Where its own report goes. */
  readonly reportFile: string;
}

/** What h2spec says of a server: its cases, each `passed`, `failed` or `skipped`. */
export async function runH2spec(directory: string, target: H2specTarget): Promise<Map<string, string>> {
  const flags = target.isSecure ? ['-t', '-k'] : [];
  const place = ['-h', '127.0.0.1', '-p', String(target.port)];
  const argv = [join(directory, 'h2spec'), ...place, ...flags, '-o', '3', '-j', target.reportFile];
  await runCommand(argv, { timeoutMs: 240_000 });
  const report = readFileSync(target.reportFile, 'latin1');
  const verdicts = new Map<string, string>();
  for (const [, section = '', name = '', rest = ''] of report.matchAll(
    /<testcase package="([^"]*)" classname="([^"]*)"[^>]*>([^]*?)<\/testcase>/g,
  )) {
    const verdict = rest.includes('<skipped')
      ? 'skipped'
      : /<failure|<error/.test(rest)
        ? 'failed'
        : 'passed';
    verdicts.set(`${section}: ${name}`, verdict);
  }
  return verdicts;
}
