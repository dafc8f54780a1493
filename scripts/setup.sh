#!/usr/bin/env bash
# Installs what is missing for: target (compiling to WebAssembly), web (building the page), native (tests on a GPU
# adapter), browser (tests in Chromium).
set -euo pipefail

WASM_BINDGEN=0.2.130 # Cargo.toml pins the same; the two must match to the letter
TRUNK=0.21.14

# Debian packages, as root or through sudo; where neither works, say what to do.
apt_install() {
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq && "${root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return
  echo "could not install $*; install it by hand and try again" >&2
  return 1
}

# rust-toolchain.toml names the target, but rustup adds it only to a toolchain that it installs then.
target() {
  rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
}

# A build tool from crates.io, compiled for a short build: link-time optimisation would triple the wait, and what is left
# out (fetching over TLS, looking for updates) is never used, since everything the tools need is on the PATH.
tool() { # NAME VERSION ABOUT [cargo install's options]
  echo "setup: compiling $1 $2, once for this machine; about $3 on two cores" >&2
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --quiet --no-default-features --version "$2" "${@:4}" "$1"
}

web() {
  target
  wasm-bindgen --version 2>/dev/null | grep -qF " $WASM_BINDGEN" || tool wasm-bindgen-cli "$WASM_BINDGEN" "2 minutes"
  trunk --version 2>/dev/null | grep -qF " ${TRUNK%.*}." || tool trunk "$TRUNK" "5 minutes" --locked
}

native() {
  # The stickers of the scenes; without them the tests of scenes and models fail.
  [ -f /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] || apt_install fonts-noto-color-emoji
  # Without an adapter the tests that need one say that they were skipped.
  ldconfig -p | grep -q libvulkan.so.1 && compgen -G '/usr/share/vulkan/icd.d/*.json' >/dev/null && return
  apt_install libvulkan1 mesa-vulkan-drivers || echo "the checks on a GPU will be skipped" >&2
}

browser() {
  command -v chromium >/dev/null || apt_install chromium
}

for what in "$@"; do "$what"; done
