import type { Artifact } from '../../src/model/artifact.ts';
import type { Run } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import {
  describeVerdicts,
  explainVerdicts,
  nameOfArtifact,
  tallyEcosystems,
} from '../text/describe-artifacts.ts';
import { nameOfCommit } from '../text/describe-commit.ts';
import { fitMiddle } from '../text/fit.ts';
import { code, codeCell, prose, row } from '../text/markdown-text.ts';
import { formatBytes, formatCount } from '../../src/support/quantities.ts';

/** Longer names and lists are cut: a step summary has limited room. */
const MAX_NAME = 160;
const MAX_ROWS = 200;

/** What was fetched, and what it was checked against. */
export function renderArtifacts({ artifacts, lockfiles }: Run): string[] {
  if (artifacts.length === 0) return [];
  const tallies = tallyEcosystems(artifacts);
  const legend = explainVerdicts(tallies);
  const against = lockfiles.map(({ path }) => code(shorten(path))).slice(0, 10);
  return [
    '#### Artifacts',
    ...(against.length === 0 ? [] : [`Checked against ${against.join(', ')}.`]),
    tabulate(
      ['Ecosystem', 'Artifacts', 'Size', 'Checked'],
      tallies.map((tally) => [
        prose(tally.ecosystem),
        formatCount(tally.count),
        formatBytes(tally.size),
        prose(describeVerdicts(tally)),
      ]),
    ),
    ...(legend === '' ? [] : [`*${prose(legend)}*`]),
    `<details><summary>All artifacts</summary>\n\n${cut(
      tabulate(
        ['Artifact', 'Size', 'SHA-256 or commit', 'Checked', 'Process'],
        artifacts.slice(0, MAX_ROWS).map(cellsOf),
      ).split('\n'),
      artifacts.length - MAX_ROWS,
    )}\n\n</details>`,
  ];
}

function cellsOf(artifact: Artifact): string[] {
  const { size, digests, verdict, process, direction } = artifact;
  const digest = digests.sha256 ?? digests.gitCommit;
  return [
    codeCell(shorten(artifact.class === 'commit' ? nameOfCommit(artifact) : nameOfArtifact(artifact))),
    formatBytes(size),
    digest === undefined ? '' : codeCell(digest),
    direction === 'sent' ? `sent, ${verdict}` : verdict,
    process === undefined ? '' : codeCell(shorten(process.package ?? process.name)),
  ];
}

function tabulate(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const ruler = row(head.map((_, index) => (index === 1 || index === 2 ? '---:' : '---')));
  return [row(head), ruler, ...rows.map((cells) => row(cells))].join('\n');
}

function cut(lines: readonly string[], more = lines.length - MAX_ROWS): string {
  const shown = lines.slice(0, MAX_ROWS + 2);
  return [...shown, ...(more > 0 ? ['', `… and ${formatCount(more)} more`] : [])].join('\n');
}

function shorten(text: string): string {
  return fitMiddle(escapeTerminal(text), MAX_NAME);
}
