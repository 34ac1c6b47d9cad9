/** A body that lies in a file, or in memory. */
export type Body = { readonly file: string } | { readonly bytes: Uint8Array };
