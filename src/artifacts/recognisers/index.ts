import type { Recogniser } from '../recogniser.ts';
import { npm } from './npm.ts';

/** In the order in which they are asked: the more specific a shape, the earlier. */
export const recognisers: readonly Recogniser[] = [npm];
