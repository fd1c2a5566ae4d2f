# Shared by the scripts of this folder: messages, the Rust toolchain that builds for WebAssembly, and the services and
# tools that tests need.
# Sourced, never run.

say()  { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

WASM_TARGET=wasm32-unknown-unknown

# Returns true if toolchain $1 ("" for the default one) has the standard library for WebAssembly.
has_wasm_std() {
  local libdir
  libdir=$(rustc ${1:++$1} --print target-libdir --target "$WASM_TARGET" 2>/dev/null) || return 1
  compgen -G "$libdir/libstd-*.rlib" >/dev/null
}

# Prints the rustup toolchain that builds the portal: nothing for the default one, `debian` for Debian's.
# VESTIBULE_WASM_TOOLCHAIN forces one. Fails if none is installed: run scripts/bootstrap.
wasm_toolchain() {
  if [ -n "${VESTIBULE_WASM_TOOLCHAIN:-}" ]; then
    has_wasm_std "$VESTIBULE_WASM_TOOLCHAIN" && printf '%s' "$VESTIBULE_WASM_TOOLCHAIN"
  elif has_wasm_std ""; then
    :
  elif command -v rustup >/dev/null && has_wasm_std debian; then
    printf debian
  else
    return 1
  fi
}

# Prints the version of crate $1 in Cargo.lock.
locked_version() {
  awk -v crate="$1" '$0 == "name = \"" crate "\"" { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

# Prints the path of the Python that has the packages of end2end/requirements.txt.
python_of_tests() {
  local python=${VESTIBULE_PYTHON_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/vestibule/python}/bin/python
  [ -x "$python" ] || fail "$python is missing: run scripts/bootstrap tests"
  printf '%s' "$python"
}

# Starts a real OpenID provider on 127.0.0.1, with its files in folder $1, and exports its URL as ISSUER.
start_provider() {
  [ -d end2end/node_modules/oidc-provider ] || fail "the npm packages of end2end/ are missing: run scripts/bootstrap tests"
  node end2end/fixtures/provider.mjs >"$1/issuer" 2>"$1/log" &
  provider=$!
  for _ in $(seq 100); do
    [ -s "$1/issuer" ] && break
    kill -0 "$provider" 2>/dev/null || { cat "$1/log" >&2; fail "the OpenID provider did not start"; }
    sleep 0.1
  done
  ISSUER=$(cat "$1/issuer")
  export ISSUER
}

# Stops the provider that start_provider started.
stop_provider() { [ -z "${provider:-}" ] || { kill "$provider" && wait "$provider"; } 2>/dev/null || true; }

# rust_tests ARGUMENT...: runs tests with cargo-nextest where it is installed, else with cargo test. In CI, nextest
# retries failed tests, and lists those that pass then as flaky.
rust_tests() {
  local retries=0
  if cargo nextest --version >/dev/null 2>&1; then
    [ -z "${CI:-}" ] || retries=1
    cargo nextest run --no-fail-fast --status-level retry --final-status-level flaky --retries "$retries" "$@"
  else
    cargo test --no-fail-fast "$@"
  fi
}

# Runs a command as root: directly if the user is root, else through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    fail "this needs root: $*"
  fi
}

# Installs those Debian packages among the arguments that are missing. The first argument is the reason.
debian_packages() {
  local purpose=$1 missing=() name
  shift
  command -v dpkg-query >/dev/null || fail "please install $* ($purpose): this script knows only Debian's way"
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${Status}' "$name" 2>/dev/null)" = "install ok installed" ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing ${missing[*]} ($purpose)"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
