import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createUser, type AuditedUser } from './audited-user.ts';
import { createAuthority } from './origin/authority.ts';
import { resolveArguments } from './origin/proxaudit-arguments.ts';
import { serve, type LocalServer } from './origin/serve.ts';
import { createWorkspace } from './origin/workspace.ts';
import { createNpmPackages, tarballPath, type NpmPackage } from './registries/npm/packages.ts';

const names = ['registry.example', 'telemetry.example', 'cdn.example'];

/** A registry of three npm packages whose files a test may replace, a host that takes data, and somebody who fetches. */
export interface PackageShop {
  readonly user: AuditedUser;
  /** The user's project, with a lockfile of the first two packages. */
  readonly project: string;
  readonly packages: readonly [NpmPackage, NpmPackage, NpmPackage];
  readonly urlOf: (one: NpmPackage) => string;
  /** Served by path; all that is not there is 404. */
  readonly files: Map<string, Buffer>;
  /** Audits a shell line in the project; the journal goes to `run.jsonl` unless `own` says otherwise. */
  readonly audit: (line: string, ...own: string[]) => ReturnType<AuditedUser['proxaudit']>;
}

/** Opens the shop for the tests of a file; to be asked for within them. Files and lockfile are put right before each. */
export function usePackageShop(name: string): () => PackageShop {
  const workspace = createWorkspace(name);
  let server: LocalServer | undefined;
  let shop: PackageShop | undefined;
  beforeAll(async () => {
    const authority = createAuthority(workspace.directory);
    const files = new Map<string, Buffer>();
    server = await serve({
      authority,
      names,
      async handle({ request, response, url, body }) {
        request.resume();
        await body;
        const file = request.method === 'GET' ? files.get(url.pathname) : undefined;
        response.statusCode = file !== undefined ? 200 : request.method === 'POST' ? 204 : 404;
        response.end(file);
      },
    });
    const user = createUser(workspace.directory, 'user');
    const options = ['--upstream-ca', authority.file];
    for (const one of names) options.push(...resolveArguments(one, server));
    shop = openShop(user, files, options);
  });
  beforeEach(() => {
    if (shop !== undefined) putRight(shop);
  });
  afterAll(async () => {
    await server?.close();
    workspace.remove();
  });
  return () => {
    if (shop === undefined) throw new Error('the shop is not open yet');
    return shop;
  };
}

function openShop(user: AuditedUser, files: Map<string, Buffer>, options: readonly string[]): PackageShop {
  const project = join(user.directory, 'project');
  return {
    user,
    project,
    packages: createNpmPackages(3) as unknown as PackageShop['packages'],
    urlOf: (one) => `https://registry.example${tarballPath(one)}`,
    files,
    audit: (line, ...own) =>
      user.proxaudit([...options, '-o', 'run.jsonl', ...own, '-c', line], { cwd: project }),
  };
}

function putRight({ project, packages, files, urlOf }: PackageShop): void {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project);
  files.clear();
  for (const one of packages) files.set(tarballPath(one), one.tarball);
  const locked = packages
    .slice(0, 2)
    .map((one) => [
      `node_modules/${one.name}`,
      { version: one.version, resolved: urlOf(one), integrity: one.integrity },
    ]);
  const lock = { name: 'project', lockfileVersion: 3, packages: { '': {}, ...Object.fromEntries(locked) } };
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock, null, 2));
}
