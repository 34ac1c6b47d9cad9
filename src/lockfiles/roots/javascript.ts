// https://docs.npmjs.com/cli/commands/npm-prefix, https://docs.npmjs.com/cli/using-npm/workspaces,
// https://pnpm.io/workspaces, https://yarnpkg.com/features/workspaces, https://bun.com/docs/install/workspaces
import { dirname, join, relative, sep } from 'node:path';
import { itemsOf, membersOf, textOf } from '../parser.ts';
import { directoriesUp, nearestWith, readManifest } from './directories-up.ts';
import { matchMembers } from './match-members.ts';

const npmLocks = ['npm-shrinkwrap.json', 'package-lock.json'];
const otherLocks = ['yarn.lock', 'bun.lock'];

/** That of the workspace, where the nearest package is a member of one; else that of the package. */
export function findJavaScriptLocks(directory: string): string[] {
  const up = directoriesUp(directory);
  const own = nearestWith(up, 'package.json', 'node_modules') ?? directory;
  const root = findWorkspace(own);
  const shared = nearestWith(up, 'pnpm-workspace.yaml');
  return [
    ...npmLocks.map((name) => join(root ?? own, name)),
    ...otherLocks.flatMap((name) => [...(root === undefined ? [] : [join(root, name)]), join(own, name)]),
    join(shared ?? own, 'pnpm-lock.yaml'),
  ];
}

function findWorkspace(own: string): string | undefined {
  return directoriesUp(dirname(own)).find(
    (place) =>
      place !== own && matchMembers(relative(place, own).split(sep).join('/'), readWorkspaces(place)),
  );
}

function readWorkspaces(directory: string): string[] {
  const text = readManifest(directory, 'package.json') ?? '';
  if (!text.includes('"workspaces"')) return [];
  try {
    const { workspaces } = membersOf(JSON.parse(text));
    const listed = Array.isArray(workspaces) ? workspaces : membersOf(workspaces)['packages'];
    return itemsOf(listed).flatMap((one) => textOf(one) ?? []);
  } catch {
    return [];
  }
}
