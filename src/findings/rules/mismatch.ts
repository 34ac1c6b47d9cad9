import type { Artifact, ExpectedDigest } from '../../model/artifact.ts';
import { aboutArtifact } from '../about-artifact.ts';
import type { Rule, Sighting } from '../rule.ts';
import { shortenDigest as shorten } from '../shorten-digest.ts';

export const mismatch: Rule = {
  id: 'mismatch',
  look: ({ run }) =>
    run.artifacts
      .filter(({ verdict }) => verdict === 'mismatch')
      .map((artifact): Sighting => ({
        ...aboutArtifact(artifact),
        message: describe(artifact),
        ...placeOf(artifact),
      })),
};

function describe({ expected, digests, complete }: Artifact): string {
  const wrong = failed(expected);
  const sources = wrong.map(({ from, line }) => (line === undefined ? from : `${from}:${line}`));
  const named = [...new Set(sources)].slice(0, 3).join(' and ') || 'what was expected';
  const [first] = wrong;
  const got = first === undefined ? undefined : digests[first.algorithm];
  const facts =
    first === undefined
      ? ''
      : ` (${first.algorithm} ${shorten(first.value)}${got === undefined ? '' : `, not ${shorten(got)}`})`;
  // Nothing tells the end that the server meant from one that somebody forged.
  if (complete === 'unknown')
    return `it was altered or cut short: its bytes are not those of ${named}${facts}`;
  return `its bytes are not those of ${named}${facts}`;
}

function placeOf({ expected }: Artifact): Pick<Sighting, 'location'> {
  const locked = failed(expected).find(({ source, line }) => source === 'lockfile' && line !== undefined);
  return locked?.line === undefined ? {} : { location: { path: locked.from, line: locked.line } };
}

function failed(expected: readonly ExpectedDigest[]): ExpectedDigest[] {
  return expected.filter(({ result }) => result === 'mismatch');
}
