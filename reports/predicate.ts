import { traceRun } from './in-toto/runtime-trace.ts';
import type { Renderer } from './renderer.ts';
import { streamJson } from './text/stream-json.ts';

/** The runtime trace alone, for tools that make the statement themselves and know what was built. */
export const predicate: Renderer<'predicate'> = {
  id: 'predicate',
  title: 'in-toto runtime trace, predicate alone',
  extension: 'predicate.json',
  mediaType: 'application/json',
  render: (run) => streamJson(traceRun(run)),
};
