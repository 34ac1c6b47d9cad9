/** `process.stdin`, `stdout` and `stderr` as Node defined them; reading them would open them. */
export const standardStreams = (['stdin', 'stdout', 'stderr'] as const).map((name) => {
  const property = Object.getOwnPropertyDescriptor(process, name);
  Object.defineProperty(process, name, { configurable: true, enumerable: true, value: {} });
  return { name, property };
});
