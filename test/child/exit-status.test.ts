import { expect, it } from 'vitest';
import { exitStatus } from '../../src/child/exit-status.ts';

it.each([
  [{ kind: 'code', code: 0 } as const, 0],
  [{ kind: 'code', code: 255 } as const, 255],
  [{ kind: 'signal', signal: 'SIGKILL', number: 9 } as const, 137],
  [{ kind: 'signal', signal: 'SIGTERM', number: 15 } as const, 143],
  [{ kind: 'not-started', code: 126, message: '' } as const, 126],
  [{ kind: 'not-started', code: 127, message: '' } as const, 127],
])('of %j is %i', (exit, status) => {
  expect(exitStatus(exit)).toBe(status);
});
