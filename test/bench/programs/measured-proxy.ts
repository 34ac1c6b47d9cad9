// Audits a load with parts of us on or off, and prints what this process took of a processor while the load ran:
// `{ "seconds": N, "percent": N }`. All else is as in a run.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { attribute } from '../../../src/audit/attribute.ts';
import { observeArtifacts } from '../../../src/audit/observe-artifacts.ts';
import { watchConnections } from '../../../src/bypass/index.ts';
import { setV8Flags } from '../../../src/cli/v8-flags.ts';
import { createRunCa, mintFaultyLeaf, mintLeaf, readUpstreamRoots } from '../../../src/certificates/index.ts';
import { loadLockfile } from '../../../src/lockfiles/load.ts';
import { startProxy } from '../../../src/proxy/index.ts';
import { createRedactor } from '../../../src/redaction/index.ts';
import { openJournal } from '../../../src/run/index.ts';
import { silentLog } from '../../../src/support/log.ts';
import { benchHost } from '../contenders.ts';
import { programArguments } from '../serve-until-stdin-closes.ts';

export interface MeasuredProxy {
  readonly attribution: boolean;
  readonly sampling: boolean;
  readonly recognition: boolean;
  readonly directory: string;
  readonly originPort: number;
  readonly upstreamCa: string;
  /** What artifacts are checked against. */
  readonly lockfile?: string;
  /** The load's argv; it says `ready` and the like, and waits for a line. */
  readonly load: readonly string[];
}

export interface Measured {
  readonly seconds: number;
  /** Of one processor. */
  readonly percent: number;
}

const args = programArguments<MeasuredProxy>();
setV8Flags();
const runId = 'bench';
const redactor = createRedactor();
const { peers, processes } = attribute({ runId, redactor }, { env: process.env, cwd: process.cwd() });
const nobody = {
  admit: () => Promise.resolve('admitted' as const),
  processOf: () => Promise.resolve(undefined),
  seesClient: () => Promise.resolve(true),
};
const { record, afterWritten } = openJournal({ file: join(args.directory, 'measured.jsonl') });
const ca = createRunCa(runId);
const caFile = join(args.directory, 'measured-ca.pem');
writeFileSync(caFile, ca.certPem);
const lockfile = args.lockfile === undefined ? undefined : await loadLockfile(args.lockfile);
const observer = observeArtifacts(
  { record, redactor },
  {
    directory: args.directory,
    bundleDirectory: join(process.cwd(), 'dist'),
    drainMs: 2000,
    lockfiles: lockfile === undefined ? [] : [{ path: 'lockfile', ...lockfile }],
  },
);
const proxy = await startProxy({
  host: '127.0.0.1',
  port: 0,
  record,
  afterWritten,
  redaction: redactor,
  observer: args.recognition ? observer : undefined,
  peers: args.attribution ? peers : nobody,
  mintLeaf: (name) => mintLeaf(ca, name),
  mintFaultyLeaf,
  upstreamRoots: () => readUpstreamRoots({ env: {}, upstreamCaFile: args.upstreamCa }),
  resolve: [{ host: benchHost, port: 443, address: '127.0.0.1', toPort: args.originPort }],
  passthrough: [],
  upstreamProxies: undefined,
  clientCertificates: [],
  adviseRefusal: () => '',
});
await proxy.warmUp();

const [file = '', ...rest] = args.load;
const env = { ...process.env, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: caFile };
const load = spawn(file, rest, { env, stdio: ['pipe', 'pipe', 'inherit'] });
const watch =
  args.sampling && processes
    ? watchConnections({ record, log: silentLog, listener: proxy, includeLocal: false, processes })
    : undefined;
const lines = createInterface({ input: load.stdout })[Symbol.asyncIterator]();
await lines.next();
const before = process.cpuUsage();
const started = performance.now();
load.stdin.write('go\n');
await lines.next();
const { user, system } = process.cpuUsage(before);
const seconds = (user + system) / 1e6;
const percent = (seconds / (performance.now() - started)) * 1e5;
load.stdin.end('end\n');
await watch?.stop();
await proxy.stop();
process.stdout.write(`${JSON.stringify({ seconds, percent } satisfies Measured)}\n`);
process.exit(0);
