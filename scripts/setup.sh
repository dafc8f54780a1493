#!/usr/bin/env bash
# Installs what is missing for a task, and says so: target (compile to WebAssembly), web (build the engine for the page),
# page (bundle the page), page_tests (lint and test it), supply (check what others wrote), book (build the book), native (run tests, on a GPU adapter too),
# browser (Chromium, Firefox, WebKit), wheel (build the Python package), package_tests (try both packages in the tools that they are for),
# peers (what the page is timed beside).
set -euo pipefail
cd "$(dirname "$0")/.."

WASM_BINDGEN=0.2.130 # Cargo.toml pins the same; the two must match to the letter
TRUNK=0.21.14
MDBOOK=0.5.4
CARGO_DENY=0.20.2

# Installs Debian packages, as root or through sudo.
apt_install() {
  echo "setup: installing $* with apt-get" >&2
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq && "${root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return
  echo "setup: could not install $*; install it by hand, then try again" >&2
  return 1
}

# rust-toolchain.toml names the target, but rustup adds it only when it installs the toolchain itself.
target() {
  rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
}

# Compiles a build tool from crates.io quickly: link-time optimisation would triple the wait. The features that are left out
# (downloads over TLS, a check for updates) are never used, since all that the tools need is on the PATH.
tool() { # NAME VERSION OPT_LEVEL ABOUT [cargo install's options]
  echo "setup: compiling $1 $2, once for this machine; about $4 on two cores" >&2
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=$3 \
    cargo install --quiet --no-default-features --version "$2" "${@:5}" "$1"
}

web() {
  target
  # wasm-bindgen reads 47 MB: in 8 seconds at level 3, in 6 minutes at level 1. Trunk only copies files and calls others.
  wasm-bindgen --version 2>/dev/null | grep -qF " $WASM_BINDGEN" || tool wasm-bindgen-cli "$WASM_BINDGEN" 3 "3 minutes"
  trunk --version 2>/dev/null | grep -qF " ${TRUNK%.*}." || tool trunk "$TRUNK" 1 "3 minutes" --locked
}

book() {
  # Without search and its own server, which the book does not use; scripts/book/ knows this version's pages.
  mdbook --version 2>/dev/null | grep -qF " v${MDBOOK%.*}." || tool mdbook "$MDBOOK" 1 "3 minutes" --locked
}

supply() {
  cargo deny --version 2>/dev/null | grep -qF " ${CARGO_DENY%.*}." || tool cargo-deny "$CARGO_DENY" 1 "2 minutes" --locked
}

# The page's packages, as package-lock.json lists them, where they are missing or older than the list.
packages() { # ONE OF THEM [npm's options]
  [ -e "node_modules/$1" ] && [ node_modules/.package-lock.json -nt package-lock.json ] && return
  echo "setup: installing the page's packages with npm" >&2
  npm ci --no-audit --no-fund --loglevel=error "${@:2}" >/dev/null
}

page() {
  packages lit --omit=dev
}

page_tests() {
  packages @playwright/test
}

native() {
  # The scenes are made of these stickers; without them, tests of scenes and models fail.
  [ -f /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] || apt_install fonts-noto-color-emoji
  # Without an adapter, the tests that need one are skipped; in CI they fail.
  ldconfig -p | grep -q libvulkan.so.1 && compgen -G '/usr/share/vulkan/icd.d/*.json' >/dev/null && return
  apt_install libvulkan1 mesa-vulkan-drivers || echo "setup: no GPU adapter, so tests on a GPU will be skipped" >&2
}

# Chromium runs every test; Firefox and WebKit run the page's main ways, and are skipped where they cannot be had.
browser() {
  command -v chromium >/dev/null || apt_install chromium
  { command -v firefox-esr || command -v firefox; } >/dev/null || apt_install firefox-esr || echo "setup: no Firefox, so its tests will be skipped" >&2
  { command -v WebKitWebDriver && command -v xvfb-run; } >/dev/null || apt_install webkit2gtk-driver xvfb xauth ||
    echo "setup: no WebKit, so its tests will be skipped" >&2
}

# Whether a folder has these; else it is told what will be installed. A file in it says what was.
has() { # FOLDER NAME WHAT...
  [ "$(cat "$1/$2.installed" 2>/dev/null)" = "${*:3}" ] && return
  echo "setup: installing what $2 needs into $1" >&2
  return 1
}

python_packages() { # NAME PACKAGES...
  [ -x .venv/bin/python ] || python3 -m venv .venv || { apt_install python3-venv && python3 -m venv .venv; }
  has .venv "$@" && return
  .venv/bin/pip install --quiet --disable-pip-version-check "${@:2}"
  echo "${*:2}" >".venv/$1.installed"
}

wheel() {
  python_packages wheel hatchling==1.33.0
}

package_tests() {
  python_packages package_tests anywidget==0.11.0 numpy pillow jupyterlab==4.6.6 marimo==0.25.2 sphinx==9.0.4 myst-parser==5.2.0 mkdocs==1.6.1 pypandoc_binary==1.17
  local tools=(publint@0.3.25 @arethetypeswrong/cli@0.18.5 typescript@5.9 vite@8.3.8 webpack@5.113.0 react@19 react-dom@19 @mdx-js/react@3
    @docusaurus/core@3.10.2 @docusaurus/preset-classic@3.10.2 mystmd@1.8.3 @myst-theme/anywidget@1.4.1
    @jupyter-widgets/html-manager@1.0.15 @jupyterlab/services@7.6.6)
  mkdir -p packed/tools
  has packed/tools package_tests "${tools[@]}" && return
  npm install --prefix packed/tools --no-audit --no-fund --loglevel=error "${tools[@]}" >/dev/null
  echo "${tools[*]}" >packed/tools/package_tests.installed
}

peers() {
  mkdir -p packed/peers
  local packages=(onnxruntime-web@1.30.0 @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-webgpu@4.22.0)
  has packed/peers peers "${packages[*]}" && return
  npm install --prefix packed/peers --no-audit --no-fund --loglevel=error "${packages[@]}" >/dev/null
  echo "${packages[*]}" >packed/peers/peers.installed
}

for what in "$@"; do "$what"; done
