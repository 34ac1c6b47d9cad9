// Package URLs by ECMA-427.
import { toWellFormed } from '../support/well-formed.ts';

export interface PurlParts {
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
  readonly subpath?: string | undefined;
}

type Normalise = (parts: PurlParts) => PurlParts;

const lower = (text: string | undefined): string | undefined => text?.toLowerCase();

/** What the definitions of the types say beyond the common rules. */
const rules: Readonly<Record<string, Normalise>> = {
  pypi: (parts) => ({ ...parts, name: parts.name.toLowerCase().replace(/[-_.]+/g, '-') }),
  golang: (parts) => ({ ...parts, namespace: lower(parts.namespace), name: parts.name.toLowerCase() }),
  github: (parts) => ({ ...parts, namespace: lower(parts.namespace), name: parts.name.toLowerCase() }),
  deb: (parts) => ({ ...parts, namespace: lower(parts.namespace), name: parts.name.toLowerCase() }),
  // The path of a repository, of any depth: its last part is the name.
  git: ({ name, namespace = '', ...parts }) => {
    const path = `${namespace}/${name}`;
    const at = path.lastIndexOf('/');
    return { ...parts, namespace: path.slice(0, at), name: path.slice(at + 1) };
  },
  oci: (parts) => ({ ...parts, name: parts.name.toLowerCase() }),
};

/** The canonical text of a package URL. */
export function buildPurl(given: PurlParts): string {
  const type = given.type.toLowerCase();
  const parts = rules[type]?.(given) ?? given;
  const namespace = encodePath(parts.namespace);
  const version = parts.version ? `@${encode(parts.version)}` : '';
  const qualifiers = encodeQualifiers(parts.qualifiers);
  const subpath = encodePath(parts.subpath);
  return `pkg:${type}/${namespace === '' ? '' : `${namespace}/`}${encode(parts.name)}${version}${qualifiers}${
    subpath === '' ? '' : `#${subpath}`
  }`;
}

function encodePath(path: string | undefined): string {
  if (path === undefined) return '';
  return path
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .map(encode)
    .join('/');
}

function encodeQualifiers(qualifiers: PurlParts['qualifiers']): string {
  if (qualifiers === undefined) return '';
  const pairs = Object.entries(qualifiers)
    .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
    .map(([key, value]) => [key.toLowerCase(), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? '' : `?${pairs.map(([key, value]) => `${key}=${value}`).join('&')}`;
}

/** All but letters, digits, `.-_~` and the colon is written as the bytes of its UTF-8. */
function encode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(toWellFormed(text))
    .replaceAll('%3A', ':')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
