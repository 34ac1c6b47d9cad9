/** Stands wherever a secret stood. */
export const REDACTED = 'REDACTED';

/** Words that make a name secret wherever they occur in it: `authToken`, `X-Amz-Security-Token`, `PGPASSWORD`. */
const ANYWHERE = new RegExp(
  [
    'token(?!i[sz]e|-types$)|secret|passw(?:or)?d|passphrase|passcode|[-_]pwd(?![a-z])|credential|signature(?!s$)|bearer|jwt',
    'authorization|cookie|assertion|saml(?:request|response)',
    '(?:store|key|src|dest|db|user|admin|root|ssh|smtp|mail|ftp|http|proxy|auth|login|cert|vault)pass(?![a-z])',
    '(?:api|access|auth|account|shared|private|secret|session)[-_.]?key|session[-_.]?id|googleaccessid',
  ].join('|'),
  'i',
);

/** Words that make a name secret only where they stand alone in it: `X-Auth`, `GH_PAT`, `SIGNING_KEY`. */
const ALONE = /(?:^|[^a-z0-9])(?:auth|key|pass|passin|passout|pat|pw|sas|sig)(?:[^a-z0-9]|$)/i;

/** Names of things about a secret that are not one: `--password-stdin`, `TOKEN_TYPE`, `SSH_AUTH_SOCK`. */
const ABOUT =
  /[-_.](?:file|path|stdin|dir|sock|type|ttl|helper|provider|mode|method|length|limit|enabled|count|used|version|algorithm|expiry|expires)$/i;

/** Those of them that are so in URLs too. */
const ABOUT_IN_URLS =
  /[-_.]?(?:type|ttl|mode|method|length|limit|enabled|count|used|version|algorithm|expiry|expires|expires[-_.]?in)$/i;

/** Keys of tables and caches, tokens that are counted or turn pages, signatures of packages, what is public. */
const NO_SECRET = new RegExp(
  [
    'public|(?:^|[^a-z0-9])pub[-_.]?key|npm-signature$',
    '(?:^|[^a-z0-9])(?:sort|cache|primary|foreign|unique|composite|partition|row|group|order|index|search|lookup|shard|range|start|end|first|last|page|next|prev(?:ious)?|object|item|map|surrogate|idempotency|hash|distinct|locale|translation|websocket|kms)[-_.]?key(?:[-_.]?id)?s?$',
    '(?:^|[^a-z0-9])(?:next|page|prev(?:ious)?|continuation|start(?:ing)?|sync|skip|resume|cursor)[-_.]?(?:page[-_.]?)?token$',
    '(?:^|[^a-z0-9])(?:max|min|total|prompt|completion|input|output|cached|reasoning|num|n|new)[-_.]?tokens?$|ratelimit',
  ].join('|'),
  'i',
);

/** Query names that are secrets of URLs though they mean little elsewhere. */
const IN_URLS =
  /^(?:code|code_verifier|hdn(?:ts|tl|ea)|hmac|key-pair-id|otp|pin|policy|pwd|q-ak|session|sid|ticket)$/i;

/** Whether a value under this name (variable, flag, member, header) must not be stored. */
export function isSecretName(name: string): boolean {
  return (ANYWHERE.test(name) || ALONE.test(name)) && !ABOUT.test(name) && !NO_SECRET.test(name);
}

/** The same for a name in a URL's query, fragment or matrix parameters. */
export function isSecretParameter(name: string): boolean {
  if (IN_URLS.test(name)) return true;
  return (ANYWHERE.test(name) || ALONE.test(name)) && !ABOUT_IN_URLS.test(name) && !NO_SECRET.test(name);
}

/** Names that are secret in bodies and headers though they mean little elsewhere. */
const IN_MESSAGES =
  /^(?:x-)?(?:[\w-]{1,64}[-_])?(?:code[-_]?verifier|hmac|otp|pin|pwd|session|sid|ticket|totp)$/i;

/** The same for a member of a body, a field of a form, or a header that is not known to be safe. */
export function isSecretMember(name: string): boolean {
  return (
    isSecretName(name) || IN_MESSAGES.test(name) || (/^(?:x|cf)-/i.test(name) && SECRET_HEADER.test(name))
  );
}

/** Names that mean a secret in one place and something plain in the next: their values decide. */
const WEAK_NAME = /^(?:key|auth|code|policy|session|ticket|pass)$/i;
const LITERAL = /^(?:true|false|null|none|undefined|\d{1,3})$/i;
/** One word or a few, each in one case: `name`, `HOME`, `Content-Type`. */
const PLAIN_NAME =
  /^(?:[a-z]{2,15}|[A-Z]{2,15}|[A-Z][a-z]{1,14})(?:[-_. ](?:[a-z]{1,15}|[A-Z]{1,15}|[A-Z][a-z]{1,14})){0,5}$/;
/** A version or a range of versions, as manifests have them under names of packages (`jsonwebtoken`). */
const VERSION =
  /^(?:[\^~=v]|[<>]=?)?\s?\d{1,10}\.(?:\d{1,10}|x)(?:\.(?:\d{1,10}|x))?(?:-(?:alpha|beta|rc|next|canary|dev|pre)[-.]?\d{0,6})?$/;

/** Whether this value under a secret name is none: a literal, a version, or a plain word under a name such as `key`. */
export function isHarmless(name: string, value: string): boolean {
  if (value.length > 64) return false;
  if (/^(?:true|false|null)$/i.test(value) || VERSION.test(value)) return true;
  if (!WEAK_NAME.test(name)) return false;
  return LITERAL.test(value) || (!/^pass$/i.test(name) && PLAIN_NAME.test(value));
}

/** Headers that carry credentials though their names have no word that tells so. */
const SECRET_HEADER =
  /(?:^|[-_])(?:api|otp|credentials?|authenti\w{1,16}|authz|identity|client-cert)$|^cf-access-|^x-registry-config$|^x-auth-/i;
const PLAIN_HEADER =
  /(?:^|-)(?:idempotency|surrogate|cache)-key$|^sec-websocket-(?:key|accept|version|extensions)$/i;

/** Whether the value of a header that is not known to be safe must not be stored: unknown ones count by their name. */
export function isSecretHeader(name: string): boolean {
  return !PLAIN_HEADER.test(name) && (isSecretMember(name) || SECRET_HEADER.test(name));
}
