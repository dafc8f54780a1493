#!/usr/bin/env bash
# Builds the shipped site into dist/ and prints what a first visit transfers.
set -euo pipefail
cd "$(dirname "$0")/.."

export TRUNK_BUILD_CARGO_PROFILE=dist # the engine of the GPU, too (scripts/engine.mjs)
trunk build
# The features that rustc and wasm-bindgen use, each in every browser since 2023: with --all-features wasm-opt would
# write encodings that none can read yet.
for engine in web web-gpu; do
  npm exec --yes --package=binaryen@132.0.0 -- wasm-opt -Oz --enable-simd --enable-bulk-memory --enable-sign-ext \
    --enable-nontrapping-float-to-int --enable-mutable-globals --enable-threads --enable-reference-types --enable-multivalue \
    "dist/${engine}_bg.wasm" -o dist/opt.wasm
  mv dist/opt.wasm "dist/${engine}_bg.wasm"
done
node scripts/headers.mjs dist
node scripts/sbom.mjs dist
node scripts/offline.mjs dist
node scripts/sizes.mjs dist
node scripts/visit.mjs dist
