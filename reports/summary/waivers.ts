import type { Run } from '../../src/model/run.ts';
import { noticeWaivers } from '../text/describe-waivers.ts';
import { firstOf, renderHead, renderItem, type Page } from './page.ts';

/** Waivers that are new against the base commit, or accept whatever it is about. */
export function renderWaivers(run: Run, page: Page): string[] {
  const notices = noticeWaivers(run);
  if (notices.length === 0) return [];
  const markOf = (isUnreviewed: boolean): string =>
    isUnreviewed ? page.style.warn('!') : page.style.dim('·');
  return [
    renderHead('Waivers', page),
    ...firstOf(notices, page, ({ text, isUnreviewed }) => renderItem(markOf(isUnreviewed), text, page)),
  ];
}
