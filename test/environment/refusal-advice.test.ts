import { describe, expect, it } from 'vitest';
import { adviceForRefusal } from '../../src/environment/index.ts';

const ca = '/tmp/trust/ca.pem';

describe('adviceForRefusal', () => {
  it.each([
    ['git-remote-http', `set GIT_SSL_CAINFO=${ca}`],
    ['git-remote-https', `set GIT_SSL_CAINFO=${ca}`],
    ['node', `set NODE_EXTRA_CA_CERTS=${ca}`],
    ['npm', `set NODE_EXTRA_CA_CERTS=${ca}`],
    ['bun', `set NODE_EXTRA_CA_CERTS=${ca}`],
    ['deno', `set DENO_CERT=${ca}`],
    ['poetry', `set REQUESTS_CA_BUNDLE=${ca} and SSL_CERT_FILE=${ca}`],
    ['uv', `set SSL_CERT_FILE=${ca}`],
    ['aws', `set AWS_CA_BUNDLE=${ca}`],
    ['gcloud', `set CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE=${ca}`],
    ['curl', `set CURL_CA_BUNDLE=${ca}`],
    ['pip3.12', `set PIP_CERT=${ca}`],
    ['python3.11', `set REQUESTS_CA_BUNDLE=${ca} and SSL_CERT_FILE=${ca}`],
    ['cargo', `set CARGO_HTTP_CAINFO=${ca}`],
    ['go', `set SSL_CERT_FILE=${ca}`],
    ['wget', `set ca_certificate = ${ca} in the file that WGETRC names`],
    ['hg', `set web.cacerts=${ca}`],
    ['perl', `set PERL_LWP_SSL_CA_FILE=${ca}`],
    ['php8.2', `set curl.cainfo and openssl.cafile to ${ca}`],
    ['composer', `set COMPOSER_CAFILE=${ca}`],
    ['beam.smp', `set HEX_CACERTS_PATH=${ca}`],
    ['beam.smp', `write {ssl_cacerts_path, "${ca}"}. into ~/.config/rebar3/rebar.config`],
    ['nix-prefetch-ur', `set NIX_SSL_CERT_FILE=${ca}`],
    ['bundle', `set BUNDLE_SSL_CA_CERT=${ca}`],
    ['stack', `set SYSTEM_CERTIFICATE_PATH=${ca}`],
    ['R', `set CURL_CA_BUNDLE=${ca}`],
    ['dotnet', `set SSL_CERT_FILE=${ca}`],
    ['aria2c', `--ca-certificate=${ca}`],
    ['cli', `what cert-sync was given alone: give it ${ca} too`],
    ['chromium', `-n proxaudit -i ${ca}"`],
    ['chrome', 'certutil -d sql:$HOME/.pki/nssdb -A'],
    ['lftp', `set ssl:ca-file ${ca}`],
    ['bazel(build)', 'stop its server with "bazel shutdown" first, as it keeps the JAVA_TOOL_OPTIONS'],
    ['sbt', `import ${ca} with keytool`],
    ['java', `import ${ca} with keytool`],
    ['https', `set Acquire::https::CAInfo "${ca}" in the file that APT_CONFIG names`],
  ])('names what mends it for %s', (process, mending) => {
    const advice = adviceForRefusal(process, ca);
    expect(advice).toContain(mending);
    expect(advice.startsWith(`${process} does not trust`)).toBe(true);
    expect(advice).toContain('--passthrough HOST');
  });

  it('has something to say of any client, known or not', () => {
    for (const process of [undefined, 'mystery', 'MainThread-x']) {
      expect(adviceForRefusal(process, ca)).toMatch(/SSL_CERT_FILE.*--passthrough HOST/);
    }
  });

  it('takes no control characters from a name that a process gave itself', () => {
    expect(adviceForRefusal(`x\u001b[31m\n${'y'.repeat(99)}`, ca)).toMatch(
      /^x\?\[31m\?y{1,40} does not trust/,
    );
  });
});
