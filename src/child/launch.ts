/** How to start the command. Its strings may hold raw bytes (`support/raw-bytes`). */
export interface Launch {
  /** A path, or a name that is looked up in the PATH of `env`. */
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is added to it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What the program sees as its own name; `command` when absent. */
  readonly argv0?: string;
  /** `ignore` gives it /dev/null; bytes are written to it, and then its end. Default `inherit`. */
  readonly stdin?: Input;
  /** `pipe` collects what is written. Default `inherit`. */
  readonly stdout?: Output;
  readonly stderr?: Output;
  /** Where a file that starts it may be put; private to us, and there until it has ended. */
  readonly directory: string;
  /** Whether it also gets the descriptors from 3 upwards that we were started with. Default true. */
  readonly passesDescriptors?: boolean;
}

export type Input = 'inherit' | 'ignore' | Uint8Array;
export type Output = 'inherit' | 'ignore' | 'pipe';
