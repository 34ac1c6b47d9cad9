import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../../../src/model/artifact.ts';
import { proxaudit, readJournal } from '../audit-run.ts';
import { createAuthority, type Authority } from '../origin/authority.ts';
import { runCommand } from '../origin/run-command.ts';
import { serve, type LocalServer } from '../origin/serve.ts';
import { writeReply, type Answer, type Answers, type Asked } from './reply.ts';
import type { Stage, Taken } from './stage.ts';

/** What came of one trick on one client. */
export interface Outcome {
  readonly taken: Taken;
  /** Of the command under proxaudit. */
  readonly code: number | null;
  /** Of what the journal has of the client's package, the last word of each artifact. */
  readonly artifacts: readonly Artifact[];
  /** SHA-256 of what was stored, or the commit, where the stage can tell. */
  readonly stored: string | undefined;
  readonly output: string;
}

const host = 'registry.test';

/** The mirror: each cell has its own part of it, below a path of its own. */
export class HostileMirror {
  readonly #directory: string;
  readonly #authority: Authority;
  readonly #server: LocalServer;
  readonly #cells: Map<string, Answers>;

  private constructor(
    directory: string,
    authority: Authority,
    { server, cells }: { server: LocalServer; cells: Map<string, Answers> },
  ) {
    this.#directory = directory;
    this.#authority = authority;
    this.#server = server;
    this.#cells = cells;
  }

  static async start(directory: string): Promise<HostileMirror> {
    const authority = createAuthority(directory);
    const cells = new Map<string, Answers>();
    const counts = new Map<string, number>();
    const server = await serve({
      authority,
      names: [host],
      async handle({ request }) {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks);
        const [, cell = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
        const before = counts.get(`${cell}${path}`) ?? 0;
        counts.set(`${cell}${path}`, before + 1);
        const header = (name: string): string | undefined => request.headers[name]?.toString();
        const asked: Asked = { method: request.method ?? 'GET', path, header, body, before };
        const answer = find(cells.get(cell), path);
        const reply = typeof answer === 'function' ? await answer(asked) : answer;
        writeReply(
          request,
          reply ?? { status: 404, headers: [['Content-Type', 'text/plain']], body: 'not found\n' },
        );
      },
    });
    return new HostileMirror(directory, authority, { server, cells });
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** Lets the client meet the trick, cold. */
  async run(cell: string, stage: Stage, trick: (base: string, own: string) => Answers): Promise<Outcome> {
    const directory = join(this.#directory, cell);
    mkdirSync(directory);
    const base = `https://${host}/${cell}`;
    this.#cells.set(cell, trick(base, this.#directory));
    const { argv, env, cwd, own = [] } = stage.prepare(directory, base);
    const journal = join(directory, 'journal.jsonl');
    const strict = ['-q', '--fail-on', 'any,incomplete', '--include-local'];
    const reach = [
      '--resolve',
      `${host}:443=127.0.0.1:${this.#server.ports.https1}`,
      '--upstream-ca',
      this.#authority.file,
    ];
    const { code, stdout, stderr } = await runCommand(
      [...proxaudit(journal, ...strict, ...reach, ...own), ...argv],
      { env, cwd, timeoutMs: 240_000 },
    );
    const told = readJournal(journal).of('artifact-recognised');
    const last = new Map(told.map(({ artifact }) => [artifact.id, artifact]));
    const outcome = {
      taken: stage.taken(directory),
      stored: stage.stored?.(directory),
      code,
      artifacts: [...last.values()],
      output: `${stdout.toString()}${stderr}`,
    };
    rmSync(directory, { recursive: true, force: true });
    return outcome;
  }
}

/** Clients write the escapes of a path anew. */
function find(answers: Answers | undefined, path: string): Answer | undefined {
  const plain = (text: string): string =>
    decodeURIComponent(text.replaceAll('%25', '%2525')).replace('/./', '/');
  return answers?.get(path) ?? [...(answers ?? [])].find(([one]) => plain(one) === plain(path))?.[1];
}
