/** A package's file within a request. */
export interface NamedFile {
  readonly name: string;
  readonly version: string;
  readonly fileName: string;
  readonly content: Buffer;
}
