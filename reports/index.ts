import { json } from './json.ts';
import { markdown } from './markdown.ts';
import type { Renderer } from './renderer.ts';

/** Every report format, in the order of their ids. */
export const renderers: readonly Renderer[] = [json, markdown];

export type { Renderer };
