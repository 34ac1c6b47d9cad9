export { findAskers } from './asked-by.ts';
export { baselineOf } from './baseline-of.ts';
export { compareBaselines, isSame } from './compare-baselines.ts';
export { formatLock } from './format-lock.ts';
export { parseLock } from './parse-lock.ts';
