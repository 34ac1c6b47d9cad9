import { cyclonedx } from './cyclonedx.ts';
import type { FormatId } from './format-ids.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { intoto } from './intoto.ts';
import { predicate } from './predicate.ts';
import { sarif } from './sarif.ts';
import { slsa } from './slsa.ts';
import { joinChunks, type Chunks, type Renderer } from './renderer.ts';

/** Every report format by its id. */
export const renderers: { readonly [Id in FormatId]: Renderer<Id> } = {
  cyclonedx,
  intoto,
  json,
  markdown,
  predicate,
  sarif,
  slsa,
};

export { joinChunks, type Chunks, type FormatId, type Renderer };
