import { lstatSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { LaterLockfiles, LoadedLockfile } from '../artifacts/index.ts';
import { findLockfiles } from '../lockfiles/index.ts';
import type { Process } from '../model/exchange.ts';
import { isWithin, readNamedPlaces, type Worker } from '../support/work-places.ts';
import {
  loadFoundLockfile,
  loadGivenLockfiles,
  type LockfileReading,
  type LockfileRecording,
} from './load-lockfiles.ts';
import type { ProxyOptions } from './options.ts';

/** What the processes of a run make us look at is bounded. */
const MAX_LOOKS = 2_000;
const MAX_LOADED = 100;

type Options = Pick<ProxyOptions, 'lockfiles' | 'cwd' | 'env'>;
/** By which pip and uv are told of requirements and constraints. */
const fileVariables =
  'PIP_REQUIREMENT PIP_CONSTRAINT PIP_BUILD_CONSTRAINT UV_CONSTRAINT UV_BUILD_CONSTRAINT'.split(' ');

/**
 * The lockfiles of a run: those that were there before the command started, in its directory, where its command line
 * points, and, as processes show up, where they work. What the run itself wrote is no promise, and is not read.
 */
export class RunLockfiles implements LaterLockfiles {
  readonly loaded: LoadedLockfile[] = [];
  readonly #options: Options;
  readonly #reading: LockfileReading;
  readonly #startedAtMs = Date.now();
  readonly #known = new Map<string, Promise<void>>();
  /** Absolute paths of those that were loaded. */
  readonly #recorded = new Set<string>();
  readonly #places = new Map<string, Promise<void>>();
  #lookups = 0;
  #onLoaded: ((lockfile: LoadedLockfile) => void) | undefined;

  constructor(options: Options, recording: LockfileRecording) {
    this.#options = options;
    this.#reading = { options, recording };
  }

  /** To be awaited before the command starts, which could change them. Throws where one that was named is not readable. */
  async loadFirst(command: readonly string[]): Promise<void> {
    const { lockfiles, cwd, env } = this.#options;
    if (lockfiles === 'none') return;
    if (lockfiles !== 'find') {
      this.loaded.push(...(await loadGivenLockfiles(lockfiles, this.#reading)));
      return;
    }
    for (const variable of fileVariables) {
      for (const file of env[variable]?.split(/\s+/).filter(Boolean) ?? [])
        await this.#load({ path: resolve(cwd, file), namedBy: `$${variable}` });
    }
    await this.#look({ command }, 'run');
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
    for (const file of files) {
      if (/^[a-z]+:\/\//i.test(file)) continue;
      await this.#load({ path: this.#absolute(file), ...(reach === 'run' ? {} : { place: dirname(file) }) });
    }
  }

  #lookAt(place: string, reach: 'run' | 'process'): Promise<void> {
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    if (this.#places.size >= MAX_LOOKS) return Promise.resolve();
    const looked = this.#loadThoseOf(place, reach);
    this.#places.set(place, looked);
    return looked;
  }

  async #loadThoseOf(directory: string, reach: 'run' | 'process'): Promise<void> {
    const { files, aside } = await findLockfiles(this.#absolute(directory), this.#options.env);
    for (const { path, place } of files)
      await this.#load({ path, ...(reach === 'run' ? {} : { place: this.#shown(place) }) });
    const { record, redactor } = this.#reading.recording;
    for (const path of reach === 'run' ? aside : []) {
      const subject = redactor.text(relative(this.#options.cwd, path));
      record({ type: 'blind-spot', kind: 'lockfile-aside', subject, advice: '' });
    }
  }

  async #load(found: { path: string; place?: string; namedBy?: string }): Promise<void> {
    const { path } = found;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_LOADED) return;
    const loading = this.#loadNew(found);
    this.#known.set(path, loading);
    return loading;
  }

  async #loadNew({
    path,
    place,
    namedBy,
  }: {
    path: string;
    place?: string;
    namedBy?: string;
  }): Promise<void> {
    if (!isThere(path)) return;
    const { redactor } = this.#reading.recording;
    const where = place === undefined ? {} : { place: redactor.text(place) };
    const named = namedBy === undefined ? {} : { namedBy };
    const mayCount = (file: string): boolean =>
      (file === path || !this.#recorded.has(file)) && (place === undefined || this.#isOlder(file));
    for (const lockfile of await loadFoundLockfile({ path, ...where, ...named, mayCount }, this.#reading)) {
      this.#recorded.add(resolve(this.#options.cwd, lockfile.path));
      this.loaded.push(lockfile);
      this.#onLoaded?.(lockfile);
    }
  }

  /** Than the run; else that is told. Asked after it was read, as it could be written between. */
  #isOlder(path: string): boolean {
    if ((changedAt(path) ?? Infinity) < this.#startedAtMs) return true;
    const { record, redactor } = this.#reading.recording;
    const subject = redactor.text(relative(this.#options.cwd, path));
    const advice = 'it was written while the command ran, and nothing was checked against it';
    record({ type: 'blind-spot', kind: 'lockfile-new', subject, advice });
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

/** Also a link that leads nowhere, which is told. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Of its contents, its name, or the link that it is. Undefined where there is nothing, or no file may be called so. */
function changedAt(path: string): number | undefined {
  try {
    return Math.max(statSync(path).ctimeMs, lstatSync(path).ctimeMs);
  } catch {
    return undefined;
  }
}
