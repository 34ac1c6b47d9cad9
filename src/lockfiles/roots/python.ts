// https://docs.astral.sh/uv/concepts/projects/workspaces, https://python-poetry.org/docs/basic-usage,
// https://pdm-project.org/en/stable/usage/project, https://pipenv.pypa.io/en/latest/configuration.html
import { dirname, join, relative, sep } from 'node:path';
import { itemsOf, membersOf, textOf, type Members } from '../parser.ts';
import { readSyntax } from '../syntax.ts';
import { directoriesUp, nearestWith, readManifest } from './directories-up.ts';
import { matchMembers } from './match-members.ts';

const PIPENV_DEPTH = 10;
const PDM_DEPTH = 5;

/** pip looks for none: what it is to install its command line says. */
export async function findPythonLocks(directory: string): Promise<string[]> {
  const up = directoriesUp(directory);
  const own = nearestWith(up, 'pyproject.toml');
  const nearby = nearestWith(up.slice(0, PDM_DEPTH), 'pyproject.toml');
  const pipfile = nearestWith(up.slice(0, PIPENV_DEPTH), 'Pipfile');
  return [
    ...(own === undefined
      ? []
      : [join(own, 'poetry.lock'), join((await findWorkspace(own)) ?? own, 'uv.lock')]),
    ...(nearby === undefined ? [] : [join(nearby, 'pdm.lock'), join(nearby, 'pylock.toml')]),
    ...(pipfile === undefined ? [] : [join(pipfile, 'Pipfile.lock')]),
  ];
}

async function findWorkspace(own: string): Promise<string | undefined> {
  for (const place of directoriesUp(dirname(own))) {
    if (place === own) continue;
    const text = readManifest(place, 'pyproject.toml') ?? '';
    if (!text.includes('workspace') || !text.includes('uv')) continue;
    const workspace = await readWorkspace(text);
    const path = relative(place, own).split(sep).join('/');
    const has = (member: string): boolean =>
      matchMembers(
        path,
        itemsOf(workspace?.[member]).flatMap((one) => textOf(one) ?? []),
      );
    if (has('members') && !has('exclude')) return place;
  }
  return undefined;
}

async function readWorkspace(text: string): Promise<Members | undefined> {
  try {
    const document = membersOf(await readSyntax('toml', text));
    return membersOf(membersOf(membersOf(document['tool'])['uv'])['workspace']);
  } catch {
    return undefined;
  }
}
