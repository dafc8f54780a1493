#!/usr/bin/env bash
# Cargo calls it in place of rustc for the project's own crates: they count the branches that they take, as libFuzzer asks for.
# Burn and the others stay as they are, so they are not compiled again. Nor does the build script count: nobody would link it to
# libFuzzer.
[[ " $* " != *" --crate-name build_script_build "* ]] || exec "$@"
exec "$@" -C passes=sancov-module -C llvm-args=-sanitizer-coverage-level=4 -C llvm-args=-sanitizer-coverage-trace-compares \
  -C llvm-args=-sanitizer-coverage-inline-8bit-counters -C llvm-args=-sanitizer-coverage-pc-table -C codegen-units=1 \
  -C overflow-checks=yes -C debug-assertions=yes
