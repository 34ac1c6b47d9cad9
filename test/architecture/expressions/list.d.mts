export interface Expression {
  readonly source: string;
  readonly flags: string;
  /** File and line. */
  readonly place: string;
}

export function listExpressions(folders: readonly string[]): Expression[];
