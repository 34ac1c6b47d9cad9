import { expect, it } from 'vitest';
import { subjectOf } from '../../src/support/artifact-subject.ts';

const url = 'https://cdn.example/install.sh?token=REDACTED';

it.each([
  ['pkg:npm/left-pad@1.3.0', 'pkg:npm/left-pad@1.3.0'],
  [
    'pkg:generic/library@d06f6bc?vcs_url=git%2Bhttps:%2F%2F',
    'pkg:generic/library@d06f6bc?vcs_url=git%2Bhttps:%2F%2F',
  ],
  ['pkg:generic/install.sh?download_url=https:%2F%2Fcdn.example', 'https://cdn.example/install.sh'],
  [null, 'https://cdn.example/install.sh'],
])('%s is named %s', (purl, subject) => {
  expect(subjectOf({ purl, urls: [url], name: 'x' })).toBe(subject);
});

it('has its name where it has no URL', () => {
  expect(subjectOf({ purl: null, urls: [], name: 'x' })).toBe('x');
});
