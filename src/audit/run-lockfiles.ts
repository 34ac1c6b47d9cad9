import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { LaterLockfiles, LoadedLockfile } from '../artifacts/index.ts';
import { findNearestLockfiles } from '../lockfiles/index.ts';
import type { Process } from '../model/exchange.ts';
import { isWithin, readNamedPlaces, type Worker } from '../support/work-places.ts';
import { loadFoundLockfile, loadNamedLockfiles, type LockfileRecording } from './load-lockfiles.ts';
import type { ProxyOptions } from './options.ts';

/** What the processes of a run make us look at is bounded. */
const MAX_LOOKS = 2_000;
const MAX_LOADED = 100;

type Options = Pick<ProxyOptions, 'lockfiles' | 'cwd'>;

/**
 * The lockfiles of a run: those that were there before the command started, in its directory, where its command line
 * points, and, as processes show up, where they work. What the run itself wrote is no promise, and is not read.
 */
export class RunLockfiles implements LaterLockfiles {
  readonly loaded: LoadedLockfile[] = [];
  readonly #options: Options;
  readonly #recording: LockfileRecording;
  readonly #startedAtMs = Date.now();
  readonly #known = new Map<string, Promise<void>>();
  readonly #places = new Map<string, Promise<void>>();
  #lookups = 0;
  #onLoaded: ((lockfile: LoadedLockfile) => void) | undefined;

  constructor(options: Options, recording: LockfileRecording) {
    this.#options = options;
    this.#recording = recording;
  }

  /** To be awaited before the command starts, which could change them. Throws where one that was named is not readable. */
  async loadFirst(command: readonly string[]): Promise<void> {
    const { lockfiles, cwd } = this.#options;
    if (lockfiles === 'none') return;
    if (lockfiles === 'find') await this.#look({ command }, 'run');
    else this.loaded.push(...(await loadNamedLockfiles(lockfiles, { cwd }, this.#recording)));
  }

  /** Resolves with what `findProcess` answers, when what that process is to install has been read. */
  async follow(findProcess: () => Promise<Process | undefined>): Promise<Process | undefined> {
    if (this.#options.lockfiles !== 'find') return findProcess();
    this.#lookups += 1;
    try {
      const process = await findProcess();
      if (process !== undefined) await this.#look(process, 'process').catch(() => undefined);
      return process;
    } finally {
      this.#lookups -= 1;
    }
  }

  isLooking(): boolean {
    return this.#lookups > 0;
  }

  onLoaded(listener: (lockfile: LoadedLockfile) => void): void {
    this.#onLoaded = listener;
  }

  async #look(worker: Worker, reach: 'run' | 'process'): Promise<void> {
    const { directories, files } = readNamedPlaces(worker);
    for (const place of [worker.cwd ?? '.', ...directories]) await this.#lookAt(place, reach);
    for (const file of files) await this.#load(this.#absolute(file), dirname(file), reach);
  }

  #lookAt(place: string, reach: 'run' | 'process'): Promise<void> {
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    if (this.#places.size >= MAX_LOOKS) return Promise.resolve();
    const looked = this.#loadNearest(place, reach);
    this.#places.set(place, looked);
    return looked;
  }

  async #loadNearest(place: string, reach: 'run' | 'process'): Promise<void> {
    const { cwd } = this.#options;
    const isBelow = place !== '.' && isWithin('.', place);
    const { directory, names } = findNearestLockfiles(
      this.#absolute(place),
      isBelow ? resolve(cwd) : undefined,
    );
    for (const name of names) await this.#load(join(directory, name), this.#shown(directory), reach);
  }

  async #load(path: string, place: string, reach: 'run' | 'process'): Promise<void> {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_LOADED) return;
    const loading = this.#loadNew(path, place, reach);
    this.#known.set(path, loading);
    return loading;
  }

  async #loadNew(path: string, place: string, reach: 'run' | 'process'): Promise<void> {
    if (changedAt(path) === undefined) return;
    const { redactor } = this.#recording;
    const shown = redactor.text(relative(this.#options.cwd, path));
    const found =
      reach === 'run'
        ? { path, shown }
        : { path, shown, place: redactor.text(place), isTrusted: () => this.#isOlder(path, shown) };
    const lockfile = await loadFoundLockfile(found, this.#recording);
    if (lockfile === undefined) return;
    this.loaded.push(lockfile);
    this.#onLoaded?.(lockfile);
  }

  /** Than the run; else that is told. Asked after it was read, as it could be written between. */
  #isOlder(path: string, shown: string): boolean {
    if ((changedAt(path) ?? Infinity) < this.#startedAtMs) return true;
    const advice = 'it was written while the command ran, and nothing was checked against it';
    this.#recording.record({ type: 'blind-spot', kind: 'lockfile-new', subject: shown, advice });
    return false;
  }

  #absolute(place: string): string {
    return isAbsolute(place) ? place : join(this.#options.cwd, place);
  }

  /** In the way of `Worker.cwd`. */
  #shown(directory: string): string {
    const way = relative(resolve(this.#options.cwd), directory);
    return way === '' ? '.' : isWithin('.', way) ? way : directory;
  }
}

/** Of its contents or its name. Undefined where there is nothing, or no file may be called so. */
function changedAt(path: string): number | undefined {
  try {
    return statSync(path).ctimeMs;
  } catch {
    return undefined;
  }
}
