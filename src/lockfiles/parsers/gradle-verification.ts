// https://docs.gradle.org/current/userguide/dependency_verification.html
import type { LockedEntry } from '../../model/artifact.ts';
import { checkedDigest, type LockfileParser } from '../parser.ts';

const tag = /<(\/?)([A-Za-z0-9-]+)((?:\s+[A-Za-z0-9:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/g;

/** gradle/verification-metadata.xml: digests by file of a component, with those that are trusted too. */
export const gradleVerification: LockfileParser = {
  id: 'gradle-verification',
  ecosystem: 'maven',
  matches: (fileName) => fileName === 'verification-metadata.xml',
  parse(text) {
    const reader = new ComponentReader();
    let line = 1;
    let from = 0;
    for (const match of text.replace(/<!--[\s\S]*?(?:-->|$)/g, blankOut).matchAll(tag)) {
      line += countLines(text.slice(from, match.index));
      from = match.index;
      const [, end, element = '', attributes = ''] = match;
      if (end === '') reader.open(element, (name) => attribute(attributes, name), line);
    }
    return reader.entries;
  },
};

class ComponentReader {
  readonly entries: LockedEntry[] = [];
  #fileName: string | undefined;

  open(element: string, read: (name: string) => string | undefined, line: number): void {
    if (element === 'component') {
      const name = `${read('group') ?? ''}:${read('name') ?? ''}`;
      this.entries.push({ name, version: read('version') ?? null, expected: [], line });
      this.#fileName = undefined;
    } else if (element === 'artifact') this.#fileName = read('name');
    else this.#trust(element, read('value'));
  }

  #trust(element: string, value: string | undefined): void {
    const open = this.entries.at(-1);
    if (open === undefined || this.#fileName === undefined) return;
    const algorithm = element === 'also-trust' ? lastAlgorithm(open) : element;
    const digest = checkedDigest(algorithm, value);
    if (digest !== undefined) open.expected.push({ ...digest, fileName: this.#fileName });
  }
}

function lastAlgorithm({ expected }: LockedEntry): string {
  return expected.at(-1)?.algorithm ?? '';
}

function attribute(attributes: string, name: string): string | undefined {
  const [, double, single] =
    new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes) ?? [];
  return (double ?? single)
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

function blankOut(comment: string): string {
  return comment.replace(/[^\n]/g, ' ');
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
