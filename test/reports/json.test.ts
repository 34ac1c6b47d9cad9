import { expect, it } from 'vitest';
import { json } from '../../reports/json.ts';
import { joinChunks } from '../../reports/renderer.ts';
import { readFixture } from './read-fixture.ts';

it.each(['npm', 'hostile', 'truncated'])('is the run of %s itself', async (name) => {
  const run = await readFixture(name);
  expect(JSON.parse(joinChunks(json.render(run)))).toEqual(run);
});

it('escapes what a terminal would obey', async () => {
  const run = await readFixture('npm');
  const text = joinChunks(json.render({ ...run, unfinished: ['\u202e \u009b \u{e0041} \u007f'] }));
  expect(text).toContain('"\\u202e \\u009b \\udb40\\udc41 \\u007f"');
  expect(JSON.parse(text)).toMatchObject({ unfinished: ['\u202e \u009b \u{e0041} \u007f'] });
});
