import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { missingOneOf } from '../helpers/registries/commands.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('gem-proxy');
const missing = missingOneOf('gem');
const title =
  'RubyGems asks through us, whatever proxy its own configuration names, and keeps the rest of it';

it.skipIf(missing !== undefined)(missing === undefined ? title : `${title} (${missing})`, async () => {
  const { user, options } = scene();
  writeFileSync(
    join(user.env['HOME'] ?? '', '.gemrc'),
    'http_proxy: http://127.0.0.1:9\n:sources:\n- https://origin.test/gems/\n',
  );
  // The origin is no gem server; what counts is that it was asked.
  await user.proxaudit(['-q', ...options, '--', 'gem', 'list', '--remote', 'anything']);
  const journal = user.lastJournal();
  expect(journal.exchanges.map(({ request }) => request.url)).toContainEqual(
    expect.stringMatching(/^https:\/\/origin\.test\/gems\//),
  );
  expect(journal.of('blind-spot')).toContainEqual(
    expect.objectContaining({ kind: 'replaced-setting', subject: 'http_proxy of RubyGems' }),
  );
});
