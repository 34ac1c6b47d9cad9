import { HEAD_BYTES, isPage } from './page.ts';
import type { Found, Opening, Refinement } from './recogniser.ts';

/** For what must be an archive: registries, portals and log-ins answer with pages in its place. */
export const unlessPage: Opening = {
  keep: 'head',
  limit: HEAD_BYTES,
  read: ({ bytes }) => (isPage(bytes) ? 'a-page' : undefined),
};

/** An answer with an error is an artifact only where its bytes are those of one, for such clients as take it all the same. */
export function provenByBytes(found: Found): Found {
  const open = found.open ?? unlessPage;
  const withoutPage = (refinement: Refinement | undefined): Refinement | undefined =>
    refinement === 'a-page' ? 'not-an-artifact' : refinement;
  const read: Opening['read'] = (body) => {
    const refinement = open.read(body);
    return refinement instanceof Promise ? refinement.then(withoutPage) : withoutPage(refinement);
  };
  return { ...found, open: { ...open, read } };
}
