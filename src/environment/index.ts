export { listUserFiles } from './configuration-files.ts';
export type { UserFile } from './configuration-files.ts';
export { environmentFor } from './environment-for.ts';
export { recipes } from './recipes.ts';
export type { Recipe, ValueKind } from './recipes.ts';
export { adviceForRefusal } from './refusal-advice.ts';
export type { ChildEnvironment, EnvironmentFile, EnvironmentOptions, Trust } from './types.ts';
