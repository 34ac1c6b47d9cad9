/** A connection that came to us. Each way of capturing traffic is a source of arrivals. */
export interface Arrival<Connection> {
  readonly socket: Connection;
  /** Of the connection in the journal: `c1`, `c2`, … */
  readonly id: string;
  /** Where the client wanted to go, where the way it came tells that. Undefined: the client says it, as to any proxy. */
  readonly destination?: { readonly host: string; readonly port: number } | undefined;
}
