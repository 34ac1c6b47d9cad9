import type { ProcessSummary, Run, UploadSummary } from '../../src/model/run.ts';
import { escapeTerminal } from '../../src/support/escape-terminal.ts';
import {
  describeAsked,
  describeProgram,
  describeUpload,
  isLifecycle,
  nameOfProcess,
} from '../text/describe-process.ts';
import { fitEnd } from '../text/fit.ts';
import { firstOf, renderHead, renderItem, type Page } from './page.ts';

/** Sent by one of them, shown without `--verbose`. */
const MAX_UPLOADS = 2;
const MAX_NAME = 36;

/** Who sent data, and what lifecycle scripts asked for; everybody with `--verbose`. */
export function renderWhoAsked({ processes }: Run, page: Page): string[] {
  const known = processes.filter(({ process }) => process !== null);
  if (known.length === 0) return [];
  if (page.verbose)
    return [renderHead('Who asked', page), ...processes.flatMap((one) => renderWhole(one, page))];
  const scripts = known.filter(isLifecycle);
  const senders = known.filter((one) => !isLifecycle(one) && one.uploads.length > 0);
  if (scripts.length + senders.length === 0) return [];
  return [
    renderHead('Who asked', page),
    ...firstOf([...scripts, ...senders], page, (one) => renderShort(one, page)),
  ];
}

function renderShort(one: ProcessSummary, page: Page): string[] {
  const { style } = page;
  const name = isLifecycle(one) ? nameOfProcess(one) : fitEnd(escapeTerminal(nameOfProcess(one)), MAX_NAME);
  const [upload] = one.uploads;
  if (upload === undefined) return renderItem(style.dim('·'), `${name}  ${describeAsked(one)}`, page);
  const mark = isLifecycle(one) ? style.warn('↑') : style.dim('↑');
  const first = renderItem(mark, `${name}  ${describeUpload(upload, upload.host)}`, page);
  if (!isLifecycle(one)) return first;
  return [
    ...first,
    ...renderDigest(upload, page),
    ...one.uploads
      .slice(1, MAX_UPLOADS)
      .flatMap((other) => [
        ...renderItem(' ', describeUpload(other, other.host), page),
        ...renderDigest(other, page),
      ]),
    ...renderRest(one.uploads.length - MAX_UPLOADS, page),
  ];
}

function renderRest(count: number, { style }: Page): string[] {
  return count > 0 ? [style.dim(`    … and ${count} more`)] : [];
}

function renderWhole(one: ProcessSummary, page: Page): string[] {
  const mark = one.uploads.length === 0 ? page.style.dim('·') : '↑';
  return [
    ...renderItem(mark, `${nameOfProcess(one)}  ${describeAsked(one)}`, page),
    ...renderOrigin(one, page).map(page.style.dim),
    ...one.uploads.flatMap((upload) => [
      ...renderItem(' ', describeUpload(upload, upload.url), page),
      ...renderDigest(upload, page),
    ]),
  ];
}

/** Which program it was, where, and who started it. */
function renderOrigin({ process, processes }: ProcessSummary, page: Page): string[] {
  if (process === null) return [];
  const { pid, cwd, parents = [] } = process;
  const place = cwd === undefined || cwd === '.' ? '' : ` in ${cwd}`;
  const others = processes > 1 ? ` and ${processes - 1} more` : '';
  const chain = parents.map((parent) => ` ← ${describeProgram(parent)}`).join('');
  return renderItem(' ', `${describeProgram(process)} (pid ${pid}${others})${place}${chain}`, page);
}

function renderDigest({ sha256 }: UploadSummary, page: Page): string[] {
  return sha256 === undefined ? [] : renderItem(' ', `sha256:${sha256}`, page).map(page.style.dim);
}
