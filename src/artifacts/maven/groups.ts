import { readXmlTexts } from './xml-texts.ts';

const pomPaths = new Set(['project/groupId', 'project/parent/groupId', 'project/artifactId']);
const metadataPaths = new Set(['metadata/groupId', 'metadata/artifactId']);
const MAX_ROOTS = 1000;

/** What a file says of where it belongs. */
export interface Coordinates {
  readonly group: string | undefined;
  readonly artifact: string | undefined;
}

export function readPom(body: Buffer): Coordinates {
  const texts = readXmlTexts(body.toString(), pomPaths);
  const group = texts.get('project/groupId') ?? texts.get('project/parent/groupId');
  return { group, artifact: texts.get('project/artifactId') };
}

/** `maven-metadata.xml`. */
export function readMavenMetadata(body: Buffer): Coordinates {
  const texts = readXmlTexts(body.toString(), metadataPaths);
  return { group: texts.get('metadata/groupId'), artifact: texts.get('metadata/artifactId') };
}

/** Where the repositories of a run begin, by files that say of which group they are: what is before that is a mirror's. */
export class RepositoryRoots {
  readonly #roots = new Set<string>();

  /**
   * Learns from the coordinates of a file of `artifact`.
   * @param before origin and path of the folder above the artifact's own, without a slash at its end
   * @returns the group, where the path bears it out
   */
  confirm(before: string, artifact: string, coordinates: Coordinates): string | undefined {
    const { group } = coordinates;
    if (group === undefined || !/^[\w.-]+$/.test(group) || coordinates.artifact !== artifact)
      return undefined;
    const end = `/${group.replaceAll('.', '/')}`;
    if (!before.endsWith(end)) return undefined;
    if (this.#roots.size < MAX_ROOTS) this.#roots.add(before.slice(0, before.length - end.length + 1));
    return group;
  }

  /** The group of what lies in a folder, where one repository, and only one, is known to hold it. */
  groupOf(before: string): string | undefined {
    const roots = [...this.#roots].filter((root) => before.startsWith(root) && before !== root);
    return roots.length === 1 ? before.slice(roots[0]?.length).replaceAll('/', '.') : undefined;
  }
}
