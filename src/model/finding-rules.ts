/** How much a finding matters, as SARIF names it. */
export type FindingLevel = 'error' | 'warning' | 'note';

export interface FindingRuleSpec {
  /** As `--fail-on` and waivers name it. */
  readonly id: string;
  /** Of most of its findings; one may say another. */
  readonly level: FindingLevel;
  /** A few words. */
  readonly title: string;
  /** What it means. */
  readonly help: string;
  /** What to do about it. */
  readonly advice: string;
}

/** Every rule, those that matter most first. */
export const findingRules = [
  {
    id: 'tampered',
    level: 'error',
    title: 'Journal changed after it was written',
    help: 'Each line of a journal carries the digest of the line before it. Here they do not agree, or its head is not the one that was kept elsewhere: a line was changed, removed, added or moved, and what the report says may be untrue. When a run ends the file is compared with what was written to it, too: there the report is of what was recorded, and the file is not to be relied on.',
    advice:
      'Do not rely on the report. Compare the head with one that was kept elsewhere, and run the command again.',
  },
  {
    id: 'truncated',
    level: 'error',
    title: 'Journal cut short',
    help: 'The journal has no last line that says how the run ended: proxaudit was killed, the disk was full, or the end was cut off. What came after is unknown.',
    advice: 'Run the command again, and keep proxaudit and the disk from ending before it.',
  },
  {
    id: 'mismatch',
    level: 'error',
    title: 'Bytes are not the expected ones',
    help: 'What was fetched has another digest than a lockfile, an index, a sidecar file, the URL or a header says.',
    advice:
      'Do not use what was fetched. Find out which is right: the lockfile may be stale, a mirror damaged, or the file replaced.',
  },
  {
    id: 'not-comparable',
    level: 'error',
    title: 'Bytes that could not be compared',
    help: 'A digest is known for what was fetched, but not of what: it was content-encoded in such a way that the client may have stored other bytes than the expected ones, or it came in parts that were not put together. A server can bring this about.',
    advice:
      'Have the client fetch the file as a whole and without content coding, or find out why its server does not send it so.',
  },
  {
    id: 'changed',
    level: 'error',
    title: 'Same name, other bytes',
    help: 'The same URL, or the same file of the same package version, gave different bytes within the run, or other ones than in the baseline. A published version must never change.',
    advice: 'Find out who replaced it and why before you use either; then lock its digest.',
  },
  {
    id: 'unlocked',
    level: 'warning',
    title: 'In no lockfile',
    help: 'A lockfile of this ecosystem was read before the command started, and accounts for no such artifact: its bytes may be others tomorrow.',
    advice: 'Add it to the lockfile, or have the command install from the lockfile alone.',
  },
  {
    id: 'domain-fronting',
    level: 'warning',
    title: 'One request, different host names',
    help: 'A request or a tunnel named different hosts: to the proxy (CONNECT, SOCKS or the URL), in the TLS handshake (SNI) and in the request itself (Host or :authority). A server that serves many names answers for the innermost one, so that who looks at one name alone takes it for another host. Each of the names counts as a host for the baseline.',
    advice:
      'Find out what asked, and for which host. If it is meant (a Host header for a test, a virtual host behind one address), accept it with a waiver.',
  },
  {
    id: 'unverified-tls',
    level: 'warning',
    title: 'Server whose certificate was not accepted',
    help: 'The certificate of a server could not be verified, and the client went on all the same, as with `curl -k`: whoever is on the way can have read and changed all that passed. proxaudit shows the client a certificate with the same fault, and never one that looks good.',
    advice:
      'Have the server send a valid certificate, give the client the CA that it is signed by (and proxaudit, with --upstream-ca FILE), and take the option off that switches verification off.',
  },
  {
    id: 'new-host',
    level: 'warning',
    title: 'Host that is not in the baseline',
    help: 'Traffic went to a host that the reviewed baseline does not name.',
    advice: 'Find out what asked for it; if that is as it should be, write the baseline anew and review it.',
  },
  {
    id: 'new-artifact',
    level: 'warning',
    title: 'Artifact that is not in the baseline',
    help: 'An artifact was fetched that the reviewed baseline does not name.',
    advice: 'Review it; if it is as it should be, write the baseline anew.',
  },
  {
    id: 'upload',
    level: 'warning',
    title: 'Data sent to a host that served nothing',
    help: 'A host got more data than it gave back, and no artifact came from it; or the lifecycle script of a package sent data. Telemetry does so, and so does theft of secrets.',
    advice:
      'Find out what was sent and why: --log-body keeps what requests carry. Switch off telemetry you do not want.',
  },
  {
    id: 'script-download',
    level: 'note',
    title: 'Script downloaded',
    help: 'A script was fetched that no lockfile accounts for. Run straight from the network it does whatever its server says that day.',
    advice: 'Keep a copy in the repository, or check its digest before it is run.',
  },
  {
    id: 'plain-http',
    level: 'warning',
    title: 'Artifact over plain HTTP',
    help: 'An artifact came over a connection that anybody on the way can change. Where signed metadata covers it (as with Debian packages) or a lockfile has its digest, a change would be noticed.',
    advice: 'Use the https URL of the same source, or lock its digest.',
  },
  {
    id: 'bypass',
    level: 'warning',
    title: 'Connection past the proxy',
    help: 'A process of the command connected to the network without the proxy: what it fetched or sent is not in the report.',
    advice: 'Tell the program to use the proxy: see its variable in the report.',
  },
  {
    id: 'blind-spot',
    level: 'warning',
    title: 'Traffic that was not read',
    help: 'Traffic is known to exist, or may exist, that was not read: a client refused the CA, a connection was passed through, a daemon fetched on behalf of the command.',
    advice: 'Follow the advice of the finding, or accept the gap with a waiver.',
  },
] as const satisfies readonly FindingRuleSpec[];

export type FindingRule = (typeof findingRules)[number]['id'];
