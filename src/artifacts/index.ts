export { BatchedObserver } from './batched-observer.ts';
export type { LaterLockfiles, LoadedLockfile } from './expectations.ts';
export { recognisers } from './recognisers/index.ts';
export { ArtifactSession } from './session.ts';
