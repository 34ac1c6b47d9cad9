/** Stands wherever a secret stood. */
export const REDACTED = 'REDACTED';

/** Words that make a name secret wherever they occur in it: `authToken`, `X-Amz-Security-Token`, `PGPASSWORD`. */
const ANYWHERE = new RegExp(
  [
    'token(?!i[sz]e)|secret|passw(?:or)?d|passphrase|passcode|[-_]pwd(?![a-z])|credential|signature|bearer|jwt|assertion',
    'authorization|cookie|saml(?:request|response)',
    '(?:api|access|auth|account|shared|private|secret|session)[-_.]?key|session[-_.]?id|googleaccessid',
  ].join('|'),
  'i',
);

/** Words that make a name secret only where they stand alone in it: `X-Auth`, `GH_PAT`, `SIGNING_KEY`. */
const ALONE = /(?:^|[^a-z0-9])(?:auth|key|pass|passin|passout|pat|pw|sas|sig)(?:[^a-z0-9]|$)/i;

/** Names of things about a secret that are not one: `--password-stdin`, `TOKEN_TYPE`, `SSH_AUTH_SOCK`. */
const ABOUT = /[-_.](?:file|path|stdin|dir|sock|type|ttl|helper|provider|mode|method|length|limit|enabled)$/i;

/** Query names that are secrets of URLs though they mean little elsewhere. */
const IN_URLS =
  /^(?:code|code_verifier|hdn(?:ts|tl|ea)|hmac|key-pair-id|otp|pin|policy|pwd|q-ak|session|sid|ticket)$/i;

/** Whether a value under this name (variable, flag, member, header) must not be stored. */
export function isSecretName(name: string): boolean {
  return (ANYWHERE.test(name) || ALONE.test(name)) && !ABOUT.test(name) && !/public/i.test(name);
}

/** The same for a name in a URL's query, fragment or matrix parameters. */
export function isSecretParameter(name: string): boolean {
  return ANYWHERE.test(name) || ALONE.test(name) || IN_URLS.test(name);
}

/** Names that are secret in bodies and headers though they mean little elsewhere. */
const IN_MESSAGES =
  /^(?:x-)?(?:[\w-]{1,64}[-_])?(?:code[-_]?verifier|hmac|otp|pin|pwd|session|sid|ticket|totp)$/i;

/** The same for a member of a body, a field of a form, or a header that is not known to be safe. */
export function isSecretMember(name: string): boolean {
  return isSecretName(name) || IN_MESSAGES.test(name);
}
