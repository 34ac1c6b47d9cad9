import {
  createRunCa,
  mintFaultyLeaf,
  mintLeaf,
  readUpstreamRoots,
  writeTrust,
  type CertificateAuthority,
  type TrustFiles,
} from '../certificates/index.ts';
import { adviceForRefusal, type ChildEnvironment } from '../environment/index.ts';
import { startProxy, type Peers, type Proxy, type UpstreamProxies } from '../proxy/index.ts';
import type { Log } from '../support/log.ts';
import { loadBaseline } from './load-baseline.ts';
import { observeArtifacts, type LoadObserver } from './observe-artifacts.ts';
import type { ProxyOptions } from './options.ts';
import { attribute, type Attribution } from './attribute.ts';
import { recordStart, type Recording } from './recording.ts';
import { RunLockfiles } from './run-lockfiles.ts';
import { recordSettings, recordWaivers } from './recorded-settings.ts';
import { prepareEnvironment, withTemporaryFiles } from './trust.ts';
import type { Upstream } from './upstream.ts';

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
  readonly upstream: Upstream;
  readonly command: readonly string[];
  /** The command as its user would recognise it. */
  readonly shown: readonly string[];
}

/** Records the start, and starts the proxy with all that makes clients find and trust it. */
export async function openRecordedProxy(
  options: ProxyOptions,
  { recording, directory, ca: chosenCa, upstream, command, shown }: RecordedProxyParts,
): Promise<RecordedProxy> {
  const { runId } = recording;
  const { env, upstreamCaFile } = options;
  recordStart(recording, options, shown);
  recordWaivers(recording, options.waivers);
  loadBaseline(options, recording);
  const { log } = recording;
  const ca = chosenCa ?? createRunCa(runId);
  const trust = withTemporaryFiles(() => writeTrust({ directory, ca, env, upstreamCaFile }));
  const lockfiles = new RunLockfiles(options, recording);
  await lockfiles.loadFirst(command);
  const observed = { directory, lockfiles: lockfiles.loaded, later: lockfiles, command };
  const observer = observeArtifacts(recording, { ...options, ...observed });
  log.debug('certificates and lockfiles are ready', { lockfiles: lockfiles.loaded.length });
  const { peers: known, processes } = attribute(recording, options);
  const peers: Peers = {
    ...known,
    processOf: (socket) => lockfiles.follow(() => known.processOf(socket)),
  };
  const proxy = await openProxy(options, recording, { ca, trust, observer, peers, upstream });
  log.info('listening', {
    host: proxy.host,
    port: proxy.port,
    ca: chosenCa ? options.ca.kind : 'made for this run',
  });
  logUpstream(log, upstream.proxies);
  const environment = withTemporaryFiles(() => prepareEnvironment(options, { trust, proxy, runId, command }));
  recordSettings(recording, environment, upstream.proxies);
  return { proxy, trust, environment, processes };
}

function logUpstream(log: Log, proxies: UpstreamProxies | undefined): void {
  for (const use of ['http', 'https', 'all'] as const) {
    const proxy = proxies?.of(use);
    if (proxy !== undefined) log.info('upstream proxy', { use, proxy: proxy.shown, source: proxy.source });
  }
}

interface OpenParts {
  readonly ca: CertificateAuthority;
  readonly trust: TrustFiles;
  readonly observer: LoadObserver;
  readonly peers: Attribution['peers'];
  readonly upstream: Upstream;
}

async function openProxy(
  options: ProxyOptions,
  recording: Recording,
  { ca, trust, observer, peers, upstream }: OpenParts,
): Promise<Proxy> {
  const { env, upstreamCaFile, host, port, resolve, passthrough, onRefusal } = options;
  const { record, afterWritten, redactor, log } = recording;
  return startProxy({
    host,
    port,
    record,
    afterWritten,
    log,
    redaction: { ...redactor, headers: (raw) => redactor.headers(raw, options.logHeaders) },
    bodyBytes: options.logBody,
    observer,
    peers,
    mintLeaf: (name) => mintLeaf(ca, name),
    mintFaultyLeaf,
    upstreamRoots: () => readUpstreamRoots({ env, upstreamCaFile }),
    resolve,
    upstreamProxies: upstream.proxies,
    clientCertificates: upstream.certificates,
    passthrough,
    onRefusal,
    adviseRefusal: (process) => adviceForRefusal(process?.name, trust.caFile),
  });
}
