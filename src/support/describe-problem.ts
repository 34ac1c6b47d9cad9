/** What is wrong with a journal: with one of its lines, or with the file as a whole. */
export function describeProblem({
  line,
  message,
}: {
  readonly line?: number;
  readonly message: string;
}): string {
  return line === undefined ? message : `line ${line}: ${message}`;
}
