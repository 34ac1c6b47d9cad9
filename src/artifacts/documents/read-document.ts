/** What a document says: once of itself, and once of each thing that it lists. Plain values, as they cross threads. */
export interface ReadDocument<Head, Row> {
  readonly head: Head;
  readonly rows: readonly Row[];
}
