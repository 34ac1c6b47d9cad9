import { HEAD_BYTES, isPage } from './page.ts';
import type { Opening } from './recogniser.ts';

/** For what must be an archive: registries, portals and log-ins answer with pages in its place. */
export const unlessPage: Opening = {
  keep: 'head',
  limit: HEAD_BYTES,
  read: ({ bytes }) => (isPage(bytes) ? 'a-page' : undefined),
};
