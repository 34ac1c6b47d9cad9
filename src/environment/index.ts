export { listUserFiles } from './configuration-files.ts';
export { environmentFor } from './environment-for.ts';
export { adviceForRefusal } from './refusal-advice.ts';
export type { ChildEnvironment } from './types.ts';
