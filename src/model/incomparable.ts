/**
 * Why bytes could not be compared with what is stated of them; what matters most comes first. No schema stands here:
 * runs read this file, and need not load the library of schemas.
 */
export const incomparables = [
  /** The artifact was cut short, or came in parts that could not be put together. */
  'in-parts',
  /** It passed unread, as readers take the framing of its message, or of one before it, differently. */
  'unparsed',
  /** The client stores, or may store, a form that could not be decoded: `undecoded` of the exchange says why. */
  'not-decoded',
  /** Of a content-encoded body one form agrees and another does not, and it is not known which one the client stores. */
  'stored-form',
  /** The digest is of what is inside, and that could not be read: it is damaged, too large, or ambiguous. */
  'unread',
  /** It was stated after the bytes had passed, by an algorithm that nobody had asked for by then. */
  'not-computed',
  /** The digest is of other bytes than those that cross the wire, or what states it is itself refuted. */
  'other-bytes',
  /** A lockfile names the artifact, without a digest. */
  'no-digest',
] as const;

export type Incomparable = (typeof incomparables)[number];

/** In the words of reports. */
export const incomparableReasons: Readonly<Record<Incomparable, string>> = {
  'in-parts': 'it was cut short, or came in parts that could not be put together',
  unparsed: 'it passed unread, as its framing is ambiguous',
  'not-decoded': 'its content coding could not be undone to the last byte',
  'stored-form': 'it was content-encoded, and only one of its forms is the expected one',
  unread: 'what is inside of it could not be read',
  'not-computed': 'its digest was stated only after its bytes had passed',
  'other-bytes': 'what is said of it speaks of other bytes than those that came',
  'no-digest': 'its lockfile names no digest',
};

/** Those that a server can bring about. */
export const suspiciousReasons: ReadonlySet<Incomparable> = new Set([
  'in-parts',
  'unparsed',
  'not-decoded',
  'stored-form',
  'unread',
]);
