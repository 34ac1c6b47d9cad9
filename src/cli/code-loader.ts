import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { Script } from 'node:vm';
import { CodeCache, readSource, type SourceFile } from './code-cache.ts';
import { MissingCode } from './missing-code.ts';

interface Compiled {
  readonly source: SourceFile;
  readonly script: Script;
}

type Factory = (
  ...scope: [
    exports: object,
    require: (name: string) => unknown,
    module: { exports: object },
    filename: string,
    directory: string,
  ]
) => void;

const HEAD = '(function(exports,require,module,__filename,__dirname){';
const TAIL = '\n})';

/** Loads the CommonJS files of the bundle, by V8's code cache where there is one. */
export class CodeLoader {
  readonly #directory: string;
  /** What every start loads. */
  readonly #entry: string;
  readonly #cache: CodeCache;
  readonly #loaded = new Map<string, { exports: object }>();
  readonly #requireOther: NodeJS.Require;
  /** Those for which there was no code in the cache. */
  #uncached: Compiled[] = [];

  /** `bundle` is the folder of the bundle, whose chunks are loaded. V8's flags must not be changed any more. */
  constructor(bundle: string) {
    this.#directory = join(bundle, 'chunks');
    this.#cache = new CodeCache(bundle);
    this.#entry = join(this.#directory, 'run.js');
    this.#requireOther = createRequire(this.#entry);
  }

  /** As `require` in a chunk: `./name.js` is a chunk. Throws `MissingCode` where that is not there. */
  readonly load = (name: string): unknown => {
    if (!name.startsWith('./')) return this.#requireOther(name);
    const known = this.#loaded.get(name);
    if (known !== undefined) return known.exports;
    const path = join(this.#directory, name);
    const module = { exports: {} };
    const run = this.#compile(path);
    this.#loaded.set(name, module);
    run(module.exports, this.load, module, path, this.#directory);
    return module.exports;
  };

  /**
   * Keeps what had to be compiled for later starts, with all functions that were used so far: of what every start loads
   * that is little before a run has ended. Takes some 10 ms when there is anything to keep.
   */
  readonly save = (after: 'run' | 'subcommand'): void => {
    for (const { source, script } of this.#uncached) {
      if (after === 'subcommand' && source.path === this.#entry) continue;
      this.#cache.write(source, () => script.createCachedData());
    }
    this.#uncached = [];
  };

  #compile(path: string): Factory {
    const source = readChunk(path);
    const cachedData = this.#cache.read(source);
    // esbuild writes ASCII only.
    const script = new Script(HEAD + source.bytes.toString('latin1') + TAIL, {
      filename: path,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true)
      this.#uncached.push({ source, script });
    return script.runInThisContext() as Factory;
  }
}

function readChunk(path: string): SourceFile {
  try {
    return readSource(path);
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new MissingCode(`this installation is damaged: ${basename(path)} cannot be read (${code})`, {
      cause,
    });
  }
}
