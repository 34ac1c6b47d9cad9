import type { Http1Exchange } from './http1-exchange.ts';
import type { PlainRoute } from './plain-route.ts';
import type { UpstreamConnection } from '../upstream/dial.ts';
import type { UpstreamSide } from './upstream-side.ts';

/** Upstream connections that one client connection keeps; of more, the one that was not used for longest is closed. */
const MAX_BRANCHES = 16;

/** A connection to one of the destinations that a client asks something of. */
export class Branch {
  readonly route: PlainRoute;
  readonly side: UpstreamSide;
  /** The client expects its connection to end with the last response. */
  endsClient = false;
  /** The last one that was sent on it. */
  exchange: Http1Exchange | undefined;

  constructor(route: PlainRoute, side: UpstreamSide) {
    this.route = route;
    this.side = side;
  }

  /** The client still sends what was answered early. */
  get isUploading(): boolean {
    return this.exchange?.isRequestOver === false;
  }
}

/** How long what was written may take to leave. */
const CLOSE_MS = 5_000;

/** The upstream connections of one client connection, one for each destination. */
export class UpstreamBranches {
  readonly #branches = new Map<string, Branch>();

  /** One that can be used; it is the last to be closed then. */
  find(key: string): Branch | undefined {
    const known = this.#branches.get(key);
    if (known === undefined || known.side.isGone) return undefined;
    this.#branches.delete(key);
    this.#branches.set(key, known);
    return known;
  }

  /** @throws why there is none */
  async dial(
    route: PlainRoute,
    createSide: (upstream: UpstreamConnection, branch: () => Branch) => UpstreamSide,
  ): Promise<Branch> {
    const upstream = await route.dial();
    const branch: Branch = new Branch(
      route,
      createSide(upstream, () => branch),
    );
    const [oldest] = this.#branches.values();
    if (this.#branches.size >= MAX_BRANCHES && oldest !== undefined) this.forget(oldest);
    this.#branches.set(route.key, branch);
    return branch;
  }

  /** Leaves its connection as it is. */
  remove(branch: Branch): void {
    if (this.#branches.get(branch.route.key) === branch) this.#branches.delete(branch.route.key);
  }

  /** Closes its connection, of which nothing is awaited, after what was written to it. */
  forget(branch: Branch): void {
    this.remove(branch);
    const { outlet, connection } = branch.side;
    branch.side.release();
    const destroy = (): void => {
      clearTimeout(timer);
      connection.socket.destroy();
    };
    const timer = setTimeout(destroy, CLOSE_MS).unref();
    connection.stream.once('finish', destroy).once('close', destroy);
    outlet.end();
    if (connection.stream.destroyed || connection.stream.writableFinished) destroy();
  }

  /** Resets all, after what was written to them. */
  reset(): void {
    for (const branch of [...this.#branches.values()]) {
      this.remove(branch);
      branch.side.release();
      branch.side.outlet.reset();
    }
  }

  close(): void {
    for (const branch of [...this.#branches.values()]) this.forget(branch);
  }
}
