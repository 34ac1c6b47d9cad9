// https://doc.rust-lang.org/cargo/reference/workspaces.html
import { dirname, join, relative, resolve, sep } from 'node:path';
import { itemsOf, membersOf, textOf, type Members } from '../parser.ts';
import { readSyntax } from '../syntax.ts';
import { directoriesUp, nearestWith, readManifest } from './directories-up.ts';
import { matchMembers } from './match-members.ts';

const WORKSPACE_TABLE = /^[\t ]*\[[\t ]*workspace\b/m;

/** That of the workspace, where the nearest package is in one; else that of the package. */
export async function findCargoLock(directory: string): Promise<string[]> {
  const own = nearestWith(directoriesUp(directory), 'Cargo.toml');
  return own === undefined ? [] : [join((await findWorkspace(own)) ?? own, 'Cargo.lock')];
}

async function findWorkspace(own: string): Promise<string | undefined> {
  const text = readManifest(own, 'Cargo.toml') ?? '';
  if (WORKSPACE_TABLE.test(text)) return own;
  const named = /^[\t ]*workspace[\t ]*=[\t ]*["']/m.test(text)
    ? textOf(membersOf((await read(text))['package'])['workspace'])
    : undefined;
  if (named !== undefined) return resolve(own, named);
  for (const place of directoriesUp(dirname(own))) {
    const above = place === own ? '' : (readManifest(place, 'Cargo.toml') ?? '');
    if (!WORKSPACE_TABLE.test(above)) continue;
    const workspace = membersOf((await read(above))['workspace']);
    return isExcluded(relative(place, own).split(sep).join('/'), workspace) ? undefined : place;
  }
  return undefined;
}

/** What is excluded counts all the same where it is named as a member. */
function isExcluded(path: string, workspace: Members): boolean {
  const listed = (member: string): string[] =>
    itemsOf(workspace[member]).flatMap((one) => textOf(one)?.replace(/^\.\/|(?<!\/)\/+$/g, '') ?? []);
  const isBelow = listed('exclude').some((folder) => path === folder || path.startsWith(`${folder}/`));
  return isBelow && !matchMembers(path, listed('members'));
}

async function read(text: string): Promise<Members> {
  try {
    return membersOf(await readSyntax('toml', text));
  } catch {
    return {};
  }
}
