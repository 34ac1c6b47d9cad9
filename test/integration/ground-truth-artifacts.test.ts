import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../src/model/artifact.ts';
import { proxaudit, readJournal } from '../helpers/audit-run.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { resolveArguments } from '../helpers/origin/proxaudit-arguments.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';
import { cargoTwin } from '../helpers/registries/cargo/cargo-twin.ts';
import { debianTwin } from '../helpers/registries/debian/debian-twin.ts';
import { goTwin } from '../helpers/registries/go/go-twin.ts';
import {
  truthOfApt,
  truthOfCargo,
  truthOfGo,
  truthOfMaven,
  truthOfNpm,
  truthOfPip,
  truthOfPipSdist,
  type GroundTruth,
} from '../helpers/registries/ground-truth.ts';
import { mavenTwin } from '../helpers/registries/maven/maven-twin.ts';
import { npmTwin } from '../helpers/registries/npm/npm-twin.ts';
import { pypiTwin } from '../helpers/registries/pypi/pypi-twin.ts';
import { realAptUpdate } from '../helpers/registries/real/apt.ts';
import { realCargo } from '../helpers/registries/real/cargo.ts';
import { realGo } from '../helpers/registries/real/go.ts';
import { realMaven } from '../helpers/registries/real/maven.ts';
import { realNpmMany } from '../helpers/registries/real/npm.ts';
import { realPipDownload, realPipSdist } from '../helpers/registries/real/pip.ts';
import { runScenario } from '../helpers/registries/run-scenario.ts';
import type { Scenario, Twin } from '../helpers/registries/scenario.ts';
import { registryName, startTwin } from '../helpers/registries/start-twin.ts';

const workspace = createWorkspace('ground-truth');
let authority: Authority;
beforeAll(() => {
  authority = createAuthority(workspace.directory);
});
afterAll(() => {
  workspace.remove();
});

interface Client {
  readonly real: Scenario;
  readonly twin?: Twin;
  readonly truth: GroundTruth;
  /** How an artifact stands in the ground truth. */
  readonly line: (artifact: Artifact) => string;
}

const bare = ({ purl }: Artifact): string => (purl ?? 'no purl').replace(/\?.*/, '');
const digestOf = ({ digests }: Artifact): string => digests.sha256 ?? 'no digest';
const plain = (artifact: Artifact): string => `${bare(artifact)} ${digestOf(artifact)}`;
const withFile = (artifact: Artifact): string =>
  `${bare(artifact)} ${artifact.fileName ?? 'no file'} ${digestOf(artifact)}`;
/** `pkg:deb/VENDOR/NAME@VERSION?arch=ARCH&distro=…` */
function asDpkg(artifact: Artifact): string {
  const [, name = '', version = '', architecture = ''] =
    /^pkg:deb\/[^/]+\/(.+)@(.+)\?arch=([^&]+)(?:&distro=[^&]+)$/.exec(artifact.purl ?? '') ?? [];
  return `${name}@${decodeURIComponent(version)} ${architecture} ${digestOf(artifact)}`;
}

const clients: readonly Client[] = [
  { real: realAptUpdate, twin: debianTwin, truth: truthOfApt, line: asDpkg },
  { real: realMaven, twin: mavenTwin, truth: truthOfMaven, line: withFile },
  { real: realPipDownload, twin: pypiTwin, truth: truthOfPip, line: withFile },
  { real: realPipSdist, truth: truthOfPipSdist, line: withFile },
  { real: realCargo, twin: cargoTwin, truth: truthOfCargo, line: plain },
  { real: realGo, twin: goTwin, truth: truthOfGo, line: plain },
  { real: realNpmMany, twin: npmTwin({ count: 40 }), truth: truthOfNpm, line: plain },
];

/** Runs the client, and compares all that was recognised with what it left on disk. */
async function compare(
  scenario: Scenario,
  { truth, line }: Client,
  { baseUrl, options }: { baseUrl: string; options: readonly string[] },
): Promise<Artifact[]> {
  const journalFile = join(workspace.directory, `${scenario.name}.jsonl`);
  // The indices of a distribution take long to read on a loaded machine; the end waits no longer than they need.
  const wrapper = proxaudit(journalFile, '-q', '--drain', '60', ...options);
  const parent = workspace.directory;
  const { result } = await runScenario(scenario, { parent, label: 'truth', baseUrl, wrapper });
  expect(result.code, result.stderr).toBe(0);
  const recognised = readJournal(journalFile).of('artifact-recognised');
  const artifacts = [...new Map(recognised.map(({ artifact }) => [artifact.id, artifact])).values()];
  const wanted = truth(join(parent, `${scenario.name}-truth`)).sort();
  expect(wanted.length).toBeGreaterThan(0);
  expect(artifacts.map(line).sort()).toEqual(wanted);
  console.log(`${scenario.name}: ${artifacts.length} artifacts, as on disk`);
  return artifacts;
}

const reasons = await Promise.all(
  clients.map(async ({ real, twin }) => [await real.available(), await twin?.available()]),
);
const cases = clients.map((client, index) => ({
  client,
  name: client.real.name,
  realReason: reasons[index]?.[0],
  twinReason: reasons[index]?.[1],
}));
const because = (reason: string | undefined): string => (reason === undefined ? '' : ` (${reason})`);

describe.each(cases)('$name', ({ client, realReason, twinReason }) => {
  const { twin } = client;
  if (twin !== undefined)
    it.skipIf(twinReason !== undefined)(
      `of a hermetic registry: the artifacts are those on disk, no more, no fewer${because(twinReason)}`,
      async () => {
        const registry = await startTwin(twin, { authority, directory: workspace.directory });
        const options = ['--upstream-ca', authority.file, ...resolveArguments(registryName, registry)];
        try {
          await compare(twin, client, { baseUrl: `https://${registryName}`, options });
        } finally {
          await registry.close();
        }
      },
    );

  it.skipIf(realReason !== undefined)(
    `of the real registry: the artifacts are those on disk, no more, no fewer${because(realReason)}`,
    async () => {
      const artifacts = await compare(client.real, client, { baseUrl: '', options: [] });
      for (const { verdict, purl } of artifacts)
        expect(['published', 'locked', 'unchecked'], purl ?? '').toContain(verdict);
    },
  );
});
