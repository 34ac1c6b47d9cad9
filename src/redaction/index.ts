export { createRedactor, type Redactor } from './redact.ts';
export { findSecrets } from './secret-values.ts';
