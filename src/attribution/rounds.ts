interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer | undefined) => void;
}

/**
 * Answers questions in rounds, one round at a time: whoever asks during a round is answered by the next one, together
 * with all others who do, because the round under way may already have looked past their answer. Never rejects: a
 * round that throws answers undefined.
 */
export function answerInRounds<Question, Answer>(
  answerAll: (questions: readonly Question[]) => Promise<readonly (Answer | undefined)[]>,
): (question: Question) => Promise<Answer | undefined> {
  let waiting: Waiting<Question, Answer>[] = [];
  let isRunning = false;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const round = waiting;
      waiting = [];
      const answers = await answerAll(round.map(({ question }) => question)).catch(() => []);
      round.forEach(({ resolve }, index) => {
        resolve(answers[index]);
      });
    }
    isRunning = false;
  };

  return (question) =>
    new Promise((resolve) => {
      waiting.push({ question, resolve });
      if (isRunning) return;
      isRunning = true;
      // All that was accepted in this turn of the event loop shares the first round.
      setImmediate(() => void run());
    });
}
