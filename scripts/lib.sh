# Shared by the scripts of this folder: messages, and which Rust toolchain builds for WebAssembly.
# Sourced, never run.

say()  { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

WASM_TARGET=wasm32-unknown-unknown

# True when toolchain $1 ("" for the default one) holds the standard library for WebAssembly.
has_wasm_std() {
  local libdir
  libdir=$(rustc ${1:++$1} --print target-libdir --target "$WASM_TARGET" 2>/dev/null) || return 1
  compgen -G "$libdir/libstd-*.rlib" >/dev/null
}

# Prints the rustup toolchain that builds the portal: nothing for the default one, `debian` for Debian's.
# VESTIBULE_WASM_TOOLCHAIN forces one. Fails when none is ready: run scripts/bootstrap.
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

# The version of crate $1 that Cargo.lock holds.
locked_version() {
  awk -v crate="$1" '$0 == "name = \"" crate "\"" { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

# Runs a command as root: as it is when we are, else through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    fail "this needs root: $*"
  fi
}

# Installs the Debian packages of the arguments that are missing. The first argument says what for.
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
