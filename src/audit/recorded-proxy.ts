import {
  createRunCa,
  mintLeaf,
  readUpstreamRoots,
  writeTrust,
  type CertificateAuthority,
  type TrustFiles,
} from '../certificates/index.ts';
import { adviceForRefusal, type ChildEnvironment } from '../environment/index.ts';
import { startProxy, type Proxy } from '../proxy/index.ts';
import { loadLockfiles } from './load-lockfiles.ts';
import { observeArtifacts, type LoadObserver } from './observe-artifacts.ts';
import type { ProxyOptions } from './options.ts';
import { attribute, type Attribution } from './attribute.ts';
import { recordStart, type Recording } from './recording.ts';
import { prepareEnvironment, withTemporaryFiles } from './trust.ts';

/** A proxy under way, whose facts go into a recording. */
export interface RecordedProxy {
  readonly proxy: Proxy;
  readonly trust: TrustFiles;
  /** Of a command that is to be led through it. */
  readonly environment: ChildEnvironment;
  readonly processes: Attribution['processes'];
}

export interface RecordedProxyParts {
  readonly recording: Recording;
  /** Where files for clients are put. */
  readonly directory: string;
  /** Undefined: one is made for the run. */
  readonly ca: CertificateAuthority | undefined;
  readonly command: readonly string[];
  /** The command as its user would recognise it. */
  readonly shown: readonly string[];
}

/** Records the start, and starts the proxy with all that makes clients find and trust it. */
export async function openRecordedProxy(
  options: ProxyOptions,
  { recording, directory, ca: chosenCa, command, shown }: RecordedProxyParts,
): Promise<RecordedProxy> {
  const { runId } = recording;
  const { env, upstreamCaFile } = options;
  recordStart(recording, options, shown);
  const ca = chosenCa ?? createRunCa(runId);
  const trust = withTemporaryFiles(() => writeTrust({ directory, ca, env, upstreamCaFile }));
  const lockfiles = await loadLockfiles(options, recording);
  const observer = observeArtifacts(recording, { directory, lockfiles });
  const { peers, processes } = attribute(recording, options);
  const proxy = await openProxy(options, recording, { ca, trust, observer, peers });
  const environment = withTemporaryFiles(() => prepareEnvironment(options, { trust, proxy, runId, command }));
  recordSettings(recording, environment);
  return { proxy, trust, environment, processes };
}

interface OpenParts {
  readonly ca: CertificateAuthority;
  readonly trust: TrustFiles;
  readonly observer: LoadObserver;
  readonly peers: Attribution['peers'];
}

async function openProxy(
  options: ProxyOptions,
  recording: Recording,
  { ca, trust, observer, peers }: OpenParts,
): Promise<Proxy> {
  const { env, upstreamCaFile, host, port, resolve, passthrough, onRefusal } = options;
  const { record, redactor } = recording;
  return startProxy({
    host,
    port,
    record,
    redaction: redactor,
    observer,
    peers,
    mintLeaf: (name) => mintLeaf(ca, name),
    upstreamRoots: () => readUpstreamRoots({ env, upstreamCaFile }),
    resolve,
    passthrough,
    onRefusal,
    adviseRefusal: (process) => adviceForRefusal(process?.name, trust.caFile),
  });
}

/** What of the user's own settings keeps traffic away from us, or was set aside so that it does not. */
function recordSettings({ record }: Recording, { replaced, bypassed }: ChildEnvironment): void {
  for (const name of replaced) {
    record({
      type: 'blind-spot',
      kind: 'replaced-setting',
      subject: name,
      advice: `${name} named another proxy; in this run connections go to proxaudit, and from there directly`,
    });
  }
  for (const host of bypassed) {
    record({
      type: 'blind-spot',
      kind: 'no-proxy',
      subject: host,
      advice: `connections to ${host} are not seen: take it out of NO_PROXY`,
    });
  }
}
