const sha1 = '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12';
const sha256 = '4b1d1fa2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e';
const sha512 = 'kRzEcrNlWcq0qWN08CT+1q8D21YMKRZHY/CVnSi49VTfqeobzFjbVzfB5Bv2bm5IY2DOaN8djwtnfwpjhJqmdw==';
const uuid = '550e8400-e29b-41d4-a716-446655440000';

/** Names with words of secrets in them, as registries have them. */
const npm = [
  ...[
    'jsonwebtoken',
    'passport',
    'cookie',
    'cookie-signature',
    'token-types',
    'keygrip',
    'keytar',
    'csrf',
    'next-auth',
    'webhook-server',
  ],
  ...[
    '@octokit/auth-token',
    '@octokit/webhooks',
    '@aws-sdk/client-secrets-manager',
    '@tokenizer/token',
    'password-prompt',
    'supertokens-node',
    'express-session',
  ],
];

/** URLs that must be stored as they are. */
export const urls: readonly string[] = [
  ...npm.map((name) => `https://npm.example/${name}/-/${name.replace(/.*\//, '')}-9.0.2.tgz`),
  ...npm.map((name) => `https://npm.example/${name.replace('/', '%2f')}`),
  ...npm.map(
    (name) => `https://cdn.example/npm/${name}@9.0.2/dist/index.min.js?module&v=${sha1.slice(0, 8)}`,
  ),
  'https://h.example/hooks/install-helper-script-v2',
  'https://h.example/webhook/webhook-server-linux-amd64',
  'https://h.example/hooks/pre-commit-internationalization-checks',
  'https://h.example/services/TERRAFORM/modules/consul',
  'https://h.example/keys/my-package-signing-key-2024',
  'https://h.example/auth/keycloak-admin-client-21',
  `https://h.example/keys/${sha1}`,
  ...[
    'sort_key=name',
    'pass=2',
    'cache_key=linux-amd64-v2',
    'primary_key=id',
    'public_key=abc123',
    'partition-key=a1',
    'key=name',
    'key=1',
    'auth=basic',
  ].map((query) => `https://h.example/a?${query}&page=2`),
  ...[
    'page_token=Cg5saW51eC1hbWQ2NA',
    'nextToken=abc123def',
    'token_type=bearer',
    'max_tokens=100',
    'signature_version=4',
    'code=404',
    'policy=strict',
    'password=false',
  ].map((query) => `https://h.example/a?${query}`),
  `https://files.example/packages/de/ad/${sha256.slice(4)}/hf_xet-1.1.5-cp37-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl#sha256=${sha256}`,
  'https://files.example/packages/py3/p/pypi-attestations/pypi_attestations_models_for_verification-0.0.21.tar.gz',
  'https://gem.example/gems/rubygems_update-3.5.11.gem',
  'https://gem.example/quick/Marshal.4.8/devise_token_auth-1.2.3.gemspec.rz',
  `https://oci.example/v2/org/secrets-store/manifests/sha256:${sha256}`,
  `https://oci.example/v2/org/auth/blobs/sha256:${sha256}?digest=sha256%3A${sha256}`,
  `https://deb.example/debian/dists/sid/by-hash/SHA256/${sha256}`,
  'https://deb.example/debian/pool/main/p/passwdqc/libpam-passwdqc_2.0.3-1_amd64.deb',
  'https://deb.example/debian/pool/main/d/debian-archive-keyring/debian-archive-keyring_2023.3+deb12u1_all.deb',
  `https://nix.example/nar/1w1fff338fvdw53sqgamddn1b2xgds473pv6y13gizdbqjv4i5p3.nar.xz`,
  `https://go.example/github.com/golang-jwt/jwt/v5/@v/v5.2.1.zip`,
  `https://git.example/org/secret-santa/archive/${sha1}.tar.gz`,
  `https://maven.example/org/springframework/security/spring-security-oauth2-authorization-server/1.2.4/spring-security-oauth2-authorization-server-1.2.4.jar`,
  `https://h.example/${uuid}/build/${uuid}.log?uuid=${uuid}&sha=${sha256}`,
];

/** Lines of lockfiles and messages that must be stored as they are. */
export const texts: readonly string[] = [
  `  integrity sha512-${sha512}`,
  `  resolution: {integrity: sha512-${sha512}}`,
  'integrity sha512-X/Y+l0JPY8hSpAxft1yLdXci5obrDEWt4cjIm/7p35iZym8VTEGO7Evsb+J59snWwJwThZezgbf558MBJX3fPw==',
  `github.com/golang-jwt/jwt/v5 v5.2.1/go.mod h1:pqrtFR0X4osieyHYxtmOUWsAWrfe1Q5UVIyoH402zdk=`,
  'github.com/x/express-auth-negotiate 0.2.0/go.mod h1:eEM4XiUg1UxCSsyS2RlTlpn9TjTH9I2Jv42+LNBeru8=',
  `checksum = "${sha256}"`,
  `pytoken==1.0.2 --hash=sha256:${sha256}`,
  'pkg:npm/%40octokit/auth-token@5.1.1',
  `pkg:oci/secrets-store@sha256%3A${sha256}`,
  `commit ${sha1} of branch feature/token-refresh`,
  `etag "${sha256.slice(0, 32)}"`,
  `urn:uuid:${uuid}`,
  'npm-notice: token expired, sign in again',
  'the signature of the package is valid',
  'jsonwebtoken@npm:9.0.2',
  "get 'https://h.example/?pass=2' -o x; 'https://h.example/a?sort_key=name';",
];

/** Bodies that must be stored as they are, most with names of packages that look like names of secrets. */
export const bodies: readonly string[] = [
  ...npm.flatMap((name) => [
    `{"dependencies":{"${name}":"^9.0.2"}}`,
    `{"${name}":["9.0.2"]}`,
    `{"dependencies":{"${name}":{"version":"9.0.2","resolved":"https://npm.example/x.tgz"}}}`,
    `{"packages":{"node_modules/${name}":{"version":"9.0.2","integrity":"sha512-${sha512}"}}}`,
    `dependencies:\n  ${name}:\n    specifier: ^9.0.2\n    version: 9.0.2\n`,
    `[dependencies]\n${name.replace(/.*\//, '')} = "9.0.2"\n`,
    `<dependency><artifactId>${name}</artifactId><version>9.0.2</version></dependency>`,
  ]),
  '{"keywords":["token","secret","password"],"main":"index.js"}',
  '{"usage":{"prompt_tokens":12,"completion_tokens":340,"total_tokens":352},"max_tokens":4096}',
  '{"key":"name","value":"x"}',
  '[{"name":"HOME","value":"/root"},{"value":"C.UTF-8","name":"LANG"}]',
];

/** Command lines that must be stored as they are. */
export const commands: readonly string[] = [
  ...npm.flatMap((name) => [`npm install ${name}@9.0.2`, `pip install ${name}==9.0.2`]),
  'curl -fsSLo token.tgz https://npm.example/token/-/token-0.1.0.tgz',
  'docker run --rm -u 1000:1000 -p 8080:80 -v /a:/b -e A=b mysql:8',
  'docker run -p 5432:5432 postgres',
  'ssh -p 2222 user@h.example',
  'sshpass -e ssh -p 2222 h.example',
  'git -c http.sslVerify=false clone git@git.example:org/repository.git',
  'git config --global credential.helper store',
  'mvn -B -ntp -Dmaven.repo.local=/tmp/m2 -Pprofile package',
  'gradle -Pversion=1.2.3 -x test build',
  'cargo build -p token-parser --features secrets',
  'pip install -r requirements.txt -c constraints.txt',
  'npm config set registry https://npm.example/',
  'npm publish --access public --tag next',
  'aws s3 cp --region eu-west-1 a s3://bucket/key',
  'kubectl create secret generic name --from-file=a.txt',
  'vault kv get secret/path',
  'openssl req -new -key server.key -out server.csr',
  'curl --key client.pem --cert client.crt https://h.example/',
  'tool --token-file /run/token --no-password --keyring-provider disabled --token $TOKEN',
  'make -j2 -p auth',
];
