import type { Renderer } from './renderer.ts';
import { printJson } from './text/print-json.ts';

/** The Run as it is in `src/model/run.ts`; `schemaVersion` changes when a member changes its meaning or goes. */
export const json: Renderer<'json'> = {
  id: 'json',
  title: 'JSON',
  extension: 'json',
  mediaType: 'application/json',
  render: (run) => printJson(run),
};
