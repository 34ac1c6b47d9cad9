import type { Renderer } from './renderer.ts';
import { Each, streamJson } from './text/stream-json.ts';

/** The Run as it is in `src/model/run.ts`; `schemaVersion` changes when a member changes its meaning or goes. */
export const json: Renderer<'json'> = {
  id: 'json',
  title: 'JSON',
  extension: 'json',
  mediaType: 'application/json',
  render: (run) =>
    streamJson(
      Object.fromEntries(
        Object.entries(run).map(([name, member]) => [
          name,
          Array.isArray(member) ? new Each(member) : member,
        ]),
      ),
    ),
};
