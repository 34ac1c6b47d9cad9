import type { Artifact } from './artifact.ts';
import type { Baseline } from './baseline.ts';
import type { Event } from './events.ts';
import type { Finding } from './finding.ts';
import type { Completeness, Counts, Exit } from './outcome.ts';
import type { Names, Process } from './exchange.ts';
import type { GitCheckout } from './run-started.ts';
import type { PlacedWaiver, WaiverSummary } from './waiver.ts';

/** One audited command, as its journal tells it. */
export interface RunHeader {
  readonly runId: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly command: readonly string[];
  readonly cwd: string;
  readonly capture: Extract<Event, { type: 'run-started' }>['capture'];
  /** Connections within this machine were audited too. */
  readonly includesLocal?: true;
  readonly host: Extract<Event, { type: 'run-started' }>['host'];
  /** What was checked out where the command ran, where that was a git repository. */
  readonly git?: GitCheckout;
  readonly startedAt: string;
  /** Null when the journal was cut short. */
  readonly endedAt: string | null;
  readonly exit: Exit | null;
  /** The head that `run-finished` carries; null when the journal was cut short. */
  readonly head: string | null;
  readonly integrity: Integrity;
  readonly completeness: Completeness;
}

export interface Integrity {
  /**
   * `tampered`: the chain is broken, its head is not the one that was kept elsewhere, or the file was not what was written
   * to it when the run ended. `truncated`: no `run-finished`, or a partial last line.
   */
  readonly verdict: 'intact' | 'tampered' | 'truncated';
  /** At most 20, in line order. */
  readonly problems: readonly IntegrityProblem[];
  /** What is reported was kept by the recorder itself: it is not what the file says. */
  readonly isFromRecorder?: true;
}

export interface IntegrityProblem {
  /** Absent: it is about the file as a whole. */
  readonly line?: number;
  readonly message: string;
}

export interface HostSummary {
  /** Host as dialled, with `:port` where the port is not the scheme's own. */
  readonly host: string;
  readonly requests: number;
  /** Exchanges without a response head, bodies cut short, and connections that failed before a request came. */
  readonly failed: number;
  /** Response bodies plus tunnelled bytes towards the command. */
  readonly bytesIn: number;
  /** Request bodies that could go out, plus tunnelled bytes from the command. */
  readonly bytesOut: number;
  /** Response status → count; answers of our own (502) are counted under `502 (proxaudit)`. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Connections to it that were tunnelled unread. */
  readonly tunnels: number;
  /** Those of them that the user wanted so (`--passthrough`). Absent: none. */
  readonly passedThrough?: number;
  /**
   * Other hosts that requests or tunnels of it named as well, which have rows of their own with the same numbers; sorted,
   * at most 20. Absent: none.
   */
  readonly otherNames?: readonly string[];
}

/** What one program, or one lifecycle script of a package, exchanged with a host. */
export interface ProcessHostSummary {
  readonly host: string;
  readonly requests: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Equal requests that carried a body. */
export interface UploadSummary {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly size: number;
  readonly sha256?: string;
  readonly count: number;
}

/** Processes of one lifecycle script of a package, or of one command line. */
export interface ProcessSummary {
  /** The first of them that was seen; null for what is not known, and for all beyond 1,000 entries. */
  readonly process: Process | null;
  /** How many of them asked, by pid. */
  readonly processes: number;
  /** Completed exchanges. */
  readonly requests: number;
  /** As that of hosts. */
  readonly failed: number;
  /** As those of hosts. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly tunnels: number;
  /** Busiest first, at most 50. */
  readonly hosts: readonly ProcessHostSummary[];
  /** The biggest 20, biggest first. */
  readonly uploads: readonly UploadSummary[];
}

export interface FailureSummary {
  /** Of a connection on which no request came, how it was asked for: `CONNECT`, `SOCKS5`, or `connection`. */
  readonly method: string;
  /** Of a connection, where it was to lead: `host:port`. */
  readonly url: string;
  readonly code: string;
  readonly message: string;
  readonly count: number;
}

export interface TlsFailureSummary {
  readonly host: string;
  readonly side: 'client' | 'upstream';
  readonly cause: string;
  readonly advice: string;
  readonly process?: Process;
  readonly count: number;
}

/** Requests, or tunnels that passed unread, that were sent by the same differing names. */
export interface DifferingNames {
  readonly names: Names;
  /** That were dialled, where that was direct; sorted, at most 5. */
  readonly addresses: readonly string[];
  /** The first who did it. */
  readonly process?: Process;
  readonly count: number;
}

/** Requests to a server whose certificate was not accepted, by clients that went on all the same. */
export interface UnverifiedTlsSummary {
  /** As hosts are named. */
  readonly host: string;
  readonly cause: string;
  /** The first who did it. */
  readonly process?: Process;
  readonly count: number;
}

export interface BlindSpotSummary {
  readonly kind: Extract<Event, { type: 'blind-spot' }>['kind'];
  readonly subject: string;
  readonly advice: string;
  /** The first of whom it was told. */
  readonly process?: Process;
  readonly count: number;
}

export interface LockfileSummary {
  /** Relative to the working directory. */
  readonly path: string;
  /** It holds for those processes alone that work in this directory, or are told to; without it, for all. */
  readonly place?: string;
  /** What names it, where that is not its name and place. */
  readonly namedBy?: string;
  readonly digest: string;
  readonly ecosystem: string;
  /** How many entries it has. */
  readonly entries: number;
}

/** An artifact of a run, or of several that had the same bytes under the same name. */
export interface ReportedArtifact extends Artifact {
  /** Of several runs those that it was part of, in the order given; `exchangeIds` are those of the first. */
  readonly runIds?: readonly string[];
}

/**
 * A pure fold of one or several journals: what every report is made of. It holds aggregates only; the exchanges stay
 * in the journal. Lists are sorted, so that the same journals give the same bytes anywhere.
 */
export interface Run {
  readonly schemaVersion: 1;
  /** One entry per journal, in the order given. */
  readonly runs: readonly RunHeader[];
  readonly counts: Counts;
  /** The worst verdict of all runs, and all reasons. */
  readonly completeness: Completeness;
  /** Busiest first (requests, then bytes, then name). What was sent by several names is in the row of each. */
  readonly hosts: readonly HostSummary[];
  /** Who asked. Those who sent most first, then by requests. */
  readonly processes: readonly ProcessSummary[];
  readonly statuses: Readonly<Record<string, number>>;
  /** At most 1,000 distinct ones. */
  readonly failures: readonly FailureSummary[];
  readonly tlsFailures: readonly TlsFailureSummary[];
  readonly blindSpots: readonly BlindSpotSummary[];
  /** What was sent by names that differ; at most 1,000 combinations. Absent: none. */
  readonly differingNames?: readonly DifferingNames[];
  /** Servers whose certificates were not accepted; at most 1,000. Absent: none. */
  readonly unverifiedTls?: readonly UnverifiedTlsSummary[];
  /** Proxies that were on the way to the network, as URLs without credentials; at most 20. */
  readonly upstreamProxies: readonly string[];
  /** Sorted by ecosystem, name, version, file and URL; at most 200,000 of each run. */
  readonly artifacts: readonly ReportedArtifact[];
  /** The lockfiles that artifacts were checked against, by path. */
  readonly lockfiles: readonly LockfileSummary[];
  /** Exchanges that were started and never completed, because the journal was cut short: `METHOD URL`; at most 1,000. */
  readonly unfinished: readonly string[];
  /** What is worth saying about all this: those that count first, the worst first; at most 1,000 of each rule. */
  readonly findings: readonly Finding[];
  /** What the user accepts, in the order of the files; absent where there is nothing. */
  readonly waivers?: readonly WaiverSummary[];
}

/** What journals say, without what follows from it. */
export type RunFacts = Omit<Run, 'findings' | 'waivers'>;

/** What the fold of one journal makes, with what its findings are judged by. */
export interface FoldedRun {
  readonly facts: RunFacts;
  /** At most 10,000. */
  readonly waivers: readonly PlacedWaiver[];
  /** Null where the run was given none. */
  readonly baseline: Baseline | null;
}
