// https://git-scm.com/docs/gitprotocol-v2#_ls_refs, https://git-scm.com/docs/gitprotocol-pack#_reference_discovery
import { formatOf, isObjectId, isRefName, type ObjectFormat } from './object-id.ts';

/** A hostile server may name any number of refs; what comes after that many is not kept. */
const MAX_REFS = 200_000;
const MAX_REPOSITORIES = 1000;
const MAX_ASKED = 1000;

/** A ref as the server told it. */
export interface Ref {
  readonly name: string;
  readonly object: string;
}

/** What a repository had said of itself at some time. */
export interface KnownRefs {
  readonly headBranch: string | undefined;
  readonly askedPrefixes: readonly string[];
  ref(name: string): Ref | undefined;
}

/** What a repository said of itself in this run. */
export class Repository implements KnownRefs {
  format: ObjectFormat = 'sha1';
  /** The branch that HEAD is. */
  headBranch: string | undefined;
  /** Beginnings of the names that were asked for last. */
  readonly askedPrefixes: string[] = [];
  readonly #refs = new Map<string, Ref>();
  readonly #room: { refs: number };

  constructor(room: { refs: number }) {
    this.#room = room;
  }

  /** Reads `ID NAME[ ATTRIBUTE…]`, as both `ls-refs` and the older protocols write it. */
  readRef(line: string): void {
    const [object, name, ...attributes] = line.split(' ');
    const target = attributes.find((text) => text.startsWith('symref-target:'));
    if (name === 'HEAD' && target !== undefined) this.#readHead(target.slice('symref-target:'.length));
    if (!isObjectId(object) || !isRefName(name)) return;
    this.format = formatOf(object);
    if (!this.#refs.has(name) && (this.#room.refs -= 1) < 0) return;
    this.#refs.set(name, { name, object });
  }

  readCapability(capability: string): void {
    const [, name, value] = /^([a-z-]+)=(.*)$/.exec(capability) ?? [];
    if (name === 'object-format') this.format = value === 'sha256' ? 'sha256' : 'sha1';
    else if (name === 'symref' && value?.startsWith('HEAD:')) this.#readHead(value.slice('HEAD:'.length));
  }

  readAskedPrefix(prefix: string): void {
    if (this.askedPrefixes.length < MAX_ASKED) this.askedPrefixes.push(prefix);
  }

  ref(name: string): Ref | undefined {
    return this.#refs.get(name);
  }

  /** As it is now: what is asked next is asked for another fetch. */
  snapshot(): KnownRefs {
    const { headBranch, askedPrefixes } = this;
    return { headBranch, askedPrefixes: [...askedPrefixes], ref: (name) => this.ref(name) };
  }

  /** Refs that hold one of these objects, HEAD among them, by object. */
  refsOf(objects: ReadonlySet<string>): ReadonlyMap<string, Ref[]> {
    const found = new Map<string, Ref[]>();
    for (const ref of this.#refs.values()) {
      if (!objects.has(ref.object)) continue;
      const list = found.get(ref.object);
      if (list === undefined) found.set(ref.object, [ref]);
      else list.push(ref);
    }
    return found;
  }

  #readHead(target: string): void {
    if (isRefName(target)) this.headBranch = target;
  }
}

/** The repositories of a run, by their URLs. */
export class Repositories {
  readonly #byUrl = new Map<string, Repository>();
  readonly #room = { refs: MAX_REFS };

  at(url: string): Repository {
    const known = this.#byUrl.get(url);
    if (known !== undefined) return known;
    const repository = new Repository(this.#room);
    if (this.#byUrl.size < MAX_REPOSITORIES) this.#byUrl.set(url, repository);
    return repository;
  }
}
