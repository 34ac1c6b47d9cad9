import { json } from './json.ts';
import { markdown } from './markdown.ts';
import type { Renderer } from './renderer.ts';

/** Every report format, in the order of their ids. */
export const renderers = [json, markdown] as const satisfies readonly Renderer[];

export type { Renderer };
