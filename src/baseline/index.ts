export { baselineOf } from './baseline-of.ts';
export { compareBaselines } from './compare-baselines.ts';
