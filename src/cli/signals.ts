import { installSignalHandlers } from '../audit/signals.ts';

export const signals = installSignalHandlers();
