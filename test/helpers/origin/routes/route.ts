import type { Served } from '../serve.ts';

/** One exchange plus what follows the route's name in the path, decoded. */
export interface RouteRequest extends Served {
  readonly args: readonly string[];
}

type Route = (served: RouteRequest) => void | Promise<void>;
export type Routes = Readonly<Record<string, Route>>;

/** The argument at `index` as a number, `fallback` where it is absent. */
export function numberAt(args: readonly string[], index: number, fallback: number): number {
  const value = Number(args[index] ?? fallback);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`argument ${index} is no count: ${args[index]}`);
  return value;
}
