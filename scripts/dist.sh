#!/usr/bin/env bash
# Builds the shipped site into dist/ and prints what a first visit transfers.
set -euo pipefail
cd "$(dirname "$0")/.."

trunk build --cargo-profile dist
npm exec --yes --package=binaryen@132.0.0 -- wasm-opt -Oz --all-features dist/web_bg.wasm -o dist/web_bg.opt.wasm
mv dist/web_bg.opt.wasm dist/web_bg.wasm
node scripts/sizes.mjs dist
