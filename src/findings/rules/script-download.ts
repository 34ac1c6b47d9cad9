import type { Artifact } from '../../model/artifact.ts';
import type { RunFacts } from '../../model/run.ts';
import { aboutArtifact } from '../about-artifact.ts';
import type { Rule, Sighting } from '../rule.ts';

export const scriptDownload: Rule = {
  id: 'script-download',
  look: ({ run }) =>
    run.artifacts
      .filter(
        ({ class: kind, direction, verdict }) =>
          kind === 'script' && direction === 'fetched' && verdict !== 'locked',
      )
      .map((artifact): Sighting => {
        const isPiped = linesBehind(artifact, run).some(isPipedToShell);
        return {
          ...aboutArtifact(artifact),
          level: isPiped ? 'warning' : 'note',
          message: isPiped
            ? 'a script was fetched and piped to a shell, unchecked'
            : 'a script was fetched that no lockfile accounts for',
        };
      }),
};

/** The command lines of what started the process that asked; those of the run where that is not known. */
function linesBehind({ process }: Artifact, { runs }: RunFacts): string[] {
  const commands = process?.parents?.map(({ command }) => command) ?? runs.map(({ command }) => command);
  return commands.map((command) => command.join(' ').slice(0, MAX_LINE));
}

/** Longer ones are looked at no further: the patterns take time that grows faster than the text. */
const MAX_LINE = 2_000;
const SHELL = String.raw`(?:sudo\s+(?:-\S+\s+)*)?(?:\S*/)?(?:ba|da|z|k|a)?sh\b`;
const FETCHER = String.raw`(?:curl|wget|fetch)\b`;
const PIPED = [
  new RegExp(String.raw`\b${FETCHER}[^|;\n]*\|\s*${SHELL}`),
  // bash <(curl …), sh -c "$(curl …)", eval "$(curl …)", . <(curl …)
  new RegExp(
    String.raw`(?:${SHELL}[^|;&]*|\beval\s+["']?|\.\s+|\bsource\s+)(?:<\(|\$\(|` +
      '`' +
      String.raw`)\s*${FETCHER}`,
  ),
];

function isPipedToShell(line: string): boolean {
  return PIPED.some((pattern) => pattern.test(line));
}
