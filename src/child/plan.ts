export interface RunPlan {
  readonly kind: 'run';
  readonly file: string;
  readonly args: readonly string[];
  /** What the user would recognise: a script from stdin is /dev/stdin here, not the file we made of it. */
  readonly shown: readonly string[];
  readonly stdin: 'inherit' | 'ignore';
}

export interface ReportPlan {
  readonly kind: 'report';
  /** The bytes of the journals on stdin, from the first one; read as they are asked for. */
  readonly stream: AsyncIterable<Buffer>;
}
