/** Variables that name a PEM file of roots. What they name is already trusted by some program of the user. */
export const fileVariables = [
  'AWS_CA_BUNDLE',
  'BUNDLE_SSL_CA_CERT',
  'CARGO_HTTP_CAINFO',
  'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE',
  'COMPOSER_CAFILE',
  'CONDA_SSL_VERIFY',
  'CURL_CA_BUNDLE',
  'DENO_CERT',
  'GIT_SSL_CAINFO',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
  'HEX_CACERTS_PATH',
  'HTTPLIB2_CA_CERTS',
  'JULIA_SSL_CA_ROOTS_PATH',
  'MOJO_CA_FILE',
  'NIX_SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'NPM_CONFIG_CAFILE',
  'PDM_PYPI_CA_CERTS',
  'PERL_LWP_SSL_CA_FILE',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_FILE',
  'SYSTEM_CERTIFICATE_PATH',
  'YARN_CA_FILE_PATH',
  'YARN_HTTPS_CA_FILE_PATH',
  'npm_config_cafile',
] as const;

/** Where systems keep their bundle; the first that is there is taken. */
export const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Arch, Gentoo, Alpine
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, RHEL
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // RHEL 7 and later
  '/etc/ssl/ca-bundle.pem', // SUSE
  '/etc/ssl/certs/ca-bundle.crt', // NixOS
  '/etc/ssl/cert.pem', // macOS, Alpine, OpenBSD, FreeBSD
  '/usr/local/etc/ssl/cert.pem', // FreeBSD ports
  '/usr/local/share/certs/ca-root-nss.crt', // FreeBSD, DragonFly
  '/etc/openssl/certs/ca-certificates.crt', // NetBSD
] as const;
