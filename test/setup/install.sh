#!/usr/bin/env bash
# Installs what the tests run and this machine lacks, from the system's Debian packages: the audited clients and a few
# tools. It looks at PATH first, so it is instant where all is there, and leaves every installed client alone. Where it
# may not install it says what is missing; the tests of a missing client are skipped with that reason.
set -u

has() { command -v "$1" >/dev/null 2>&1; }
runs_python() { has python3 && python3 -c "$1" >/dev/null 2>&1; }
runs_perl() { has perl && perl "-M$1" -e 1 >/dev/null 2>&1; }
runs_php() { has php && php -r "exit(function_exists('$1') ? 0 : 1);" >/dev/null 2>&1; }
# Other systems keep them elsewhere.
has_roots() { ! has apt-get || test -e /etc/ssl/certs/ca-certificates.crt; }

missing=()
need() { # need PACKAGE CHECK…
  local package=$1
  shift
  "$@" || missing+=("$package")
}
need ca-certificates has_roots
need curl has curl
need wget has wget
need git has git
need gh has gh
need make has make
need openssl has openssl
need xz-utils has xz
need python3 has python3
need python3-pip has pip
need python3-requests runs_python 'import requests'
need python3-venv runs_python 'import ensurepip'
need cargo has cargo
need golang-go has go
need fish has fish
need default-jdk-headless has javac
need maven has mvn
need ant has ant
need gradle has gradle
need bazel-bootstrap has bazel
need nuget has nuget
need mono-mcs has mcs
need ruby has gem
need ruby-bundler has bundle
need php-cli has php
need php-curl runs_php curl_init
need composer has composer
need liblwp-protocol-https-perl runs_perl LWP::Protocol::https
need libmojolicious-perl runs_perl Mojolicious
need cpanminus has cpanm
need r-base-core has Rscript
need elixir has mix
need luarocks has luarocks
need haskell-stack has stack
need nix-bin has nix-prefetch-url
need git-lfs has git-lfs
need mercurial has hg
need subversion has svn
need skopeo has skopeo
need aria2 has aria2c
need axel has axel
need elinks has elinks
need httpie has http
need kubernetes-client has kubectl
need lftp has lftp
need lynx has lynx
need w3m has w3m
need wget2 has wget2

lists() { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; }
if [ ${#missing[@]} -eq 0 ] && { ! has apt-get || lists; }; then
  echo 'All that the tests run is installed.'
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
if ! has apt-get || ! "${as_root[@]}" true 2>/dev/null; then
  echo "Not installed, as that needs apt-get and root (or sudo without a password): ${missing[*]:-the package lists of apt-get}."
  echo 'Tests of what is missing are skipped, or fail where nothing replaces it.'
  exit 0
fi

echo "Installing: ${missing[*]:-the package lists of apt-get}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() { "${as_root[@]}" "$@" </dev/null >"$log" 2>&1; }
try() {
  run "$@" && return
  echo "FAILED: $*"
  tail -n 5 "$log"
}
install=(env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends)
try apt-get -q update
# All at once is quicker; one that cannot be had then keeps the others away.
if [ ${#missing[@]} -gt 0 ] && ! run "${install[@]}" "${missing[@]}"; then
  for package in "${missing[@]}"; do try "${install[@]}" "$package"; done
fi
exit 0
