import { appendFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { HostileMirror } from '../helpers/hostile-mirror/run-cell.ts';
import { pip } from '../helpers/hostile-mirror/stages/pip.ts';
import { npm } from '../helpers/hostile-mirror/stages/npm.ts';
import { cargo } from '../helpers/hostile-mirror/stages/cargo.ts';
import { go } from '../helpers/hostile-mirror/stages/go.ts';
import { mvn } from '../helpers/hostile-mirror/stages/mvn.ts';
import { apt } from '../helpers/hostile-mirror/stages/apt.ts';
import { wireTricks } from '../helpers/hostile-mirror/tricks/wire.ts';
import { codingTricks } from '../helpers/hostile-mirror/tricks/coding.ts';
import { pythonTricks } from '../helpers/hostile-mirror/tricks/python.ts';
import { npmTricks } from '../helpers/hostile-mirror/tricks/npm.ts';
import { cargoTricks } from '../helpers/hostile-mirror/tricks/cargo.ts';
import { goTricks } from '../helpers/hostile-mirror/tricks/go.ts';
import { systemTricks } from '../helpers/hostile-mirror/tricks/system.ts';
const workspace = createWorkspace('try');
let mirror: HostileMirror;
beforeAll(async () => {
  mirror = await HostileMirror.start(workspace.directory);
});
afterAll(async () => {
  await mirror.close();
  workspace.remove();
});
const only = (process.env['ONLY'] ?? '').split(',').filter(Boolean);
const match = new RegExp(process.env['TRICK'] ?? '.');
const log = process.env['LOG'] ?? '/tmp/mirror-scratch/matrix.txt';
writeFileSync(log, '');
const stages = { pip, npm, cargo, go, mvn, apt };
const tricks = [
  ...wireTricks,
  ...codingTricks,
  ...pythonTricks,
  ...npmTricks,
  ...cargoTricks,
  ...goTricks,
  ...systemTricks,
];
it('matrix', async () => {
  const jobs = tricks
    .filter((t) => match.test(t.id))
    .flatMap((trick) =>
      Object.entries(trick.plays).map(([client, play]) => ({ trick, client: client as 'pip', play })),
    );
  const work = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) {
      const { trick, client, play } = job;
      if (only.length && !only.includes(client)) continue;
      const stage = stages[client];
      try {
        const outcome = await mirror.run(`${client}-${trick.id}`, stage, (base) =>
          play({ base, stage, honest: (served) => stage.registry(base, served) }),
        );
        const verdicts = outcome.artifacts
          .map((a) => [a.ecosystem, a.name, a.version, a.verdict, a.identifiedBy].join(' '))
          .join(' | ');
        const bad =
          ['mvn', 'apt'].includes(client)
            ? false
            : outcome.taken === 'nothing'
              ? false
              : outcome.taken === 'good'
                ? !outcome.artifacts.some((a) => a.verdict === 'locked') ||
                  outcome.artifacts.some((a) => a.verdict === 'mismatch')
                : outcome.code !== 120 || outcome.artifacts.some((a) => a.verdict === 'locked');
        appendFileSync(
          log,
          `${bad ? 'RED ' : 'ok  '}${client.padEnd(6)} ${trick.id.padEnd(32)} ${outcome.taken.padEnd(8)} ${outcome.code} ${verdicts}${process.env['SHOW'] ? '\n' + outcome.output.slice(-800) : ''}\n`,
        );
      } catch (error) {
        appendFileSync(log, `ERR ${client} ${trick.id} ${String(error)}\n`);
      }
    }
  };
  await Promise.all([work(), work(), work()]);
});
