import { expect, it } from 'vitest';
import { createRedactor } from '../../../src/redaction/index.ts';
import { bodies, commands, texts, urls } from './harmless.ts';

const redactor = createRedactor({ secrets: ['planted-secret-value'] });

it('redacts nothing in names, digests, lockfiles and requests of registries', () => {
  const changed: string[] = [];
  const expectSame = (before: string, after: string): void => {
    if (before !== after) changed.push(`${before} → ${after}`);
  };
  for (const url of urls) expectSame(url, redactor.url(url));
  for (const text of texts) expectSame(text, redactor.text(text));
  for (const body of bodies) {
    expectSame(body, redactor.body(Buffer.from(body), { contentType: undefined, isCut: false }).text);
  }
  for (const line of commands) expectSame(line, redactor.command(line.split(' ')).join(' '));
  const tried = urls.length + texts.length + bodies.length + commands.length;
  console.log(`false redactions: ${changed.length} of ${tried}`);
  expect(changed).toEqual([]);
});
