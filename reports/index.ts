import { cyclonedx } from './cyclonedx.ts';
import type { FormatId } from './format-ids.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { joinChunks, type Chunks, type Renderer } from './renderer.ts';

/** Every report format by its id. */
export const renderers: { readonly [Id in FormatId]: Renderer<Id> } = { cyclonedx, json, markdown };

export { joinChunks, type Chunks, type FormatId, type Renderer };
