// Names by which programs know what they read. They need not be reachable, and must never change.

export const STATEMENT = 'https://in-toto.io/Statement/v1';
export const RUNTIME_TRACE = 'https://in-toto.io/attestation/runtime-trace/v0.1';
export const PROVENANCE = 'https://slsa.dev/provenance/v1';

/** Says what the members of a trace mean that the specification leaves open: `reports/README.md` tells them. */
export const MONITOR = 'urn:proxaudit:monitor:v1';
export const COMMAND = 'urn:proxaudit:command:v1';
/** A wrapper within the job that it tells of, on the job's own word: no SLSA build level. */
export const BUILDER = 'urn:proxaudit:local-wrapper:v1';
