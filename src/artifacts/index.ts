export { createThreadStart } from './examine/start-thread.ts';
export { Examiner } from './examine/examiner.ts';
export type { LaterLockfiles, LoadedLockfile } from './expectations.ts';
export { recognisers } from './recognisers/index.ts';
export { ArtifactSession } from './session.ts';
