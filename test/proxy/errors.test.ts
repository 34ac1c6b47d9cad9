import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/events.ts';
import { startAuditedProxy, type AuditedProxy } from '../helpers/audited-proxy.ts';
import { clients, type Attempt } from '../helpers/errors/clients.ts';
import { describeJournal } from '../helpers/errors/journal.ts';
import { startScenes, type Scene, type Scenes } from '../helpers/errors/scenes.ts';
import { readErrorTable } from '../helpers/errors/table.ts';
import { createAuthority, type Authority } from '../helpers/origin/authority.ts';
import { createWorkspace } from '../helpers/origin/workspace.ts';

const workspace = createWorkspace('errors');
const rows = readErrorTable('docs/errors.md');
let authority: Authority;
let scenes: Scenes;

beforeAll(async () => {
  authority = createAuthority(workspace.directory);
  scenes = await startScenes(authority, workspace.directory);
});

afterAll(async () => {
  await scenes.close();
  workspace.remove();
});

/** A proxy for one row alone, whose facts are those of the row. */
async function startFor(way: string, scene: Scene): Promise<AuditedProxy> {
  const facts: Fact[] = [];
  const isPassedThrough = way.includes('passthrough');
  const { failsAt, host, port, overrides } = scene;
  const audited = await startAuditedProxy(workspace.directory, {
    upstreamCaFile: authority.file,
    // An upstream proxy is not asked for what has an address of the user's.
    ...(port === 0 || host.endsWith('.invalid') || overrides?.upstreamProxies !== undefined
      ? {}
      : { resolve: { [`${host}:${port}`]: port } }),
    overrides: {
      ...overrides,
      ...(isPassedThrough ? { passthrough: [host] } : {}),
      ...(failsAt === undefined ? {} : { record: failingRecord(facts, failsAt) }),
    },
  });
  return failsAt === undefined
    ? audited
    : { ...audited, of: (type) => facts.filter((fact) => fact.type === type) as never };
}

/** A disk that is full from the first fact of a type on. */
function failingRecord(facts: Fact[], type: string): (fact: Fact) => void {
  let hasFailed = false;
  return (fact) => {
    hasFailed ||= fact.type === type;
    if (hasFailed) throw new Error('no space left');
    facts.push(structuredClone(fact));
  };
}

describe('what a failure comes to, as docs/errors.md has it', () => {
  it.each(rows.map((row) => [row.cause, row.way, row] as const))('%s, by %s', async (cause, way, row) => {
    const scene = scenes.byCause[cause];
    const client = clients[way];
    if (scene === undefined || client === undefined) throw new Error('nothing brings this row about');
    const audited = await startFor(way, scene);
    try {
      const attempt: Attempt = {
        ...{ audited, originCaFile: authority.file, host: scene.host },
        port: scene.port === 0 ? audited.proxy.port : scene.port,
        path: scene.path ?? '/',
        secure: scene.secure ?? true,
        verifies: scene.verifies ?? true,
        raw: scene.raw,
      };
      if (scene.isSecond === true) await client(attempt);
      const before = scene.isSecond === true ? audited.facts.length : 0;
      const seen = await client(attempt);
      await audited.close();
      const journal = describeJournal((type) =>
        audited.of(type).filter((fact) => isLater(audited, fact, before)),
      );
      expect({ client: seen, journal }).toEqual({ client: row.client, journal: row.journal });
    } finally {
      await audited.close();
    }
  });

  it('names every cause that is brought about', () => {
    expect(new Set(rows.map(({ cause }) => cause))).toEqual(new Set(Object.keys(scenes.byCause)));
  });
});

function isLater({ facts }: AuditedProxy, fact: Fact, before: number): boolean {
  return before === 0 || facts.indexOf(fact) >= before;
}
