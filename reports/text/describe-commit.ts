import type { Artifact } from '../../src/model/artifact.ts';
import { formatCount } from '../../src/support/quantities.ts';

const SHORT = 12;

/** `forge.example/o/r at 0123456789ab (main and 3 more refs, depth 1)`; a push says what each ref was before. */
export function describeCommit(artifact: Artifact): string {
  return artifact.direction === 'sent' ? describePush(artifact) : describeFetch(artifact);
}

/** Repository and ref, without the commit. */
export function nameOfCommit({ name, git }: Artifact): string {
  const [ref] = git?.refs ?? [];
  return ref === undefined ? name : `${name} ${shortenRef(ref.name)}`;
}

function describeFetch({ name, commit = '', git }: Artifact): string {
  const [first, ...others] = git?.refs ?? [];
  const more =
    others.length === 0 ? '' : ` and ${formatCount(others.length)} more ref${others.length === 1 ? '' : 's'}`;
  const facts = [
    ...(first === undefined ? [] : [shortenRef(first.name) + more]),
    ...(git?.depth === undefined ? [] : [`depth ${git.depth}`]),
    ...(git?.filter === undefined ? [] : [`filter ${git.filter}`]),
  ];
  return `${name} at ${commit.slice(0, SHORT)}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

function describePush({ name, commit = '', git }: Artifact): string {
  const refs = (git?.refs ?? []).map(({ name: ref, before }) => {
    const was = before === undefined ? 'new' : `was ${before.slice(0, SHORT)}`;
    return `${shortenRef(ref)} (${was})`;
  });
  const [first = 'a ref', second, ...others] = refs;
  const listed = [first, ...(second === undefined ? [] : [second])].join(', ');
  const more = others.length === 0 ? '' : ` and ${formatCount(others.length)} more`;
  return `sent to ${name}: ${commit.slice(0, SHORT)} as ${listed}${more}`;
}

function shortenRef(name: string): string {
  return name.replace(/^refs\/(?:heads|tags)\//, '');
}
