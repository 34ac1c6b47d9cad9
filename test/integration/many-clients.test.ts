import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkJournal, readJournal } from '../helpers/audit-run.ts';
import { useScene } from '../helpers/scene.ts';

const scene = useScene('many-clients');

// The long tier does the same with a hundred clients and more.
it('many clients at once get each its own answers, and none is lost or told twice', async () => {
  const { user, origin, options, directory } = scene();
  const journal = join(directory, 'journal.jsonl');
  const line =
    'for n in $(seq 60); do s=https; [ $((n % 3)) = 0 ] && s=http; ' +
    'curl -sSf "$s://origin.test/random/500/$n-[1-40]" -o /dev/null -w "%{http_code}\\n" & done; wait';
  const result = await user.proxaudit(['-q', '-o', journal, ...options, '--', 'bash', '-c', line]);
  expect(result.code, result.stderr).toBe(0);
  expect(result.stderr).toBe('');
  expect(result.stdout.toString()).toBe('200\n'.repeat(2400));
  expect((await checkJournal(journal)).code).toBe(0);
  const told = readJournal(journal).exchanges.map(
    ({ request, response }) => `${request.url} ${response?.body.sha256 ?? ''}`,
  );
  const seen = origin.log.map(
    ({ scheme, path, responseBody }) => `${scheme}://origin.test${path} ${responseBody.sha256}`,
  );
  expect(told).toHaveLength(2400);
  expect(told.sort()).toEqual(seen.sort());
});
