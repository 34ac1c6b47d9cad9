/** How the value of a variable is made; `values.ts` has one maker per kind. */
export type ValueKind =
  /** The proxy's URL. */
  | 'proxy-url'
  /** The proxy's URL, only where the user has a value: it would lead past us, but set unasked it changes a tool's ways. */
  | 'proxy-url-if-set'
  /** Hosts that are reached directly. */
  | 'no-proxy'
  /** A file whose certificates join a tool's own roots: the audit CA, and what the user had there. */
  | 'ca-file'
  /** A file that replaces a tool's own roots: the audit CA, the system's roots and all that the user names. */
  | 'bundle-file'
  /** The same, only where the user names a file: the tool fails on the variable in some versions, or does not need it. */
  | 'bundle-file-if-set'
  | 'node-options'
  | 'git-config'
  /** The proxy, only where the user names one in a variable or file of the tool, which would win over the others. */
  | 'yarn-proxy'
  | 'gcloud-proxy'
  | 'jvm-options'
  | 'erlang-options'
  /** A switch: without it the tool does not read the others. */
  | 'on'
  /** A configuration file of ours that starts with the user's own. */
  | 'file:wgetrc'
  | 'file:apt.conf'
  | 'file:php.ini'
  | 'file:hgrc'
  | 'file:gemrc';

export interface Recipe {
  /** Whose behaviour it is, as `adviceForRefusal` names it. */
  readonly tool: string;
  readonly variable: string;
  readonly value: ValueKind;
  /** Where the tool documents it. */
  readonly documentation: string;
}
