import type { Examine } from '../../src/artifacts/examine/examiner.ts';
import { Examiner } from '../../src/artifacts/examine/examiner.ts';
import { BeyondLimit } from '../../src/artifacts/examine/not-examined.ts';
import { perform } from '../../src/artifacts/examine/perform.ts';

/** Does in this thread what a worker thread would do: what is examined is the same. */
export function examineHere(): Examiner {
  const examine: Examine = async (kind, input, take) => {
    try {
      return await perform(kind, structuredClone(input), (rows) => {
        take?.(structuredClone(rows));
        return Promise.resolve();
      });
    } catch (error) {
      return error instanceof BeyondLimit ? { notExamined: error.message } : undefined;
    }
  };
  const never = (): never => {
    throw new Error('no thread is needed here');
  };
  return Object.assign(new Examiner(never), { examine });
}
