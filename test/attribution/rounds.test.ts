import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { answerInRounds } from '../../src/attribution/rounds.ts';

it('answers together, one round at a time, and later questions by the next round', async () => {
  const rounds: number[][] = [];
  const ends: (() => void)[] = [];
  const ask = answerInRounds(async (questions: readonly number[]) => {
    rounds.push([...questions]);
    await new Promise<void>((resolve) => ends.push(resolve));
    return questions.map((question) => question * 10);
  });
  const first = [ask(1), ask(2)];
  await turn();
  await turn();
  const second = [ask(3), ask(4), ask(5)];
  await turn();
  expect(rounds).toEqual([[1, 2]]);
  ends[0]?.();
  expect(await Promise.all(first)).toEqual([10, 20]);
  await turn();
  expect(rounds).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  ends[1]?.();
  expect(await Promise.all(second)).toEqual([30, 40, 50]);
  const third = ask(6);
  await turn();
  await turn();
  ends[2]?.();
  expect(await third).toBe(60);
});

it('answers undefined when a round fails, and goes on', async () => {
  let rounds = 0;
  const ask = answerInRounds((questions: readonly string[]) =>
    rounds++ === 0 ? Promise.reject(new Error('no table')) : Promise.resolve(questions),
  );
  expect(await ask('a')).toBeUndefined();
  expect(await ask('b')).toBe('b');
});
