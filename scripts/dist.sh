#!/usr/bin/env bash
# Builds the shipped site into dist/ and prints what a first visit transfers.
set -euo pipefail
cd "$(dirname "$0")/.."

trunk build --cargo-profile dist
# The features that rustc and wasm-bindgen use, each in every browser since 2023: with --all-features wasm-opt would
# write encodings that none can read yet.
npm exec --yes --package=binaryen@132.0.0 -- wasm-opt -Oz --enable-simd --enable-bulk-memory --enable-sign-ext \
  --enable-nontrapping-float-to-int --enable-mutable-globals --enable-threads --enable-reference-types --enable-multivalue \
  dist/web_bg.wasm -o dist/web_bg.opt.wasm
mv dist/web_bg.opt.wasm dist/web_bg.wasm
node scripts/headers.mjs dist
node scripts/sbom.mjs dist
node scripts/offline.mjs dist
node scripts/sizes.mjs dist
