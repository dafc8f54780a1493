#!/usr/bin/env bash
# Fuzzes the readers of everything that comes from outside, each target for a minute or SECONDS_EACH:
#   [SECONDS_EACH=…] [EXECUTIONS=…] fuzz/run.sh [TARGET ...]
# It starts from the tests' fixtures, and keeps what it finds in target/fuzz/corpus. A crash ends it, with the input's file.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
folder=$target/fuzz
fixtures=tests/fixtures
mapfile -t TARGETS < <(sed -n 's/^    ("\([a-z]*\)", [a-z]*),$/\1/p' fuzz/main.rs)

# What each target starts from.
seeds() {
  local seeds=$folder/seeds
  rm -rf "$seeds" && mkdir -p "${TARGETS[@]/#/$seeds/}"
  find $fixtures/pictures -type f -size -64k -name '*.*' ! -name '*.py' ! -name '*.json' -exec cp {} "$seeds/picture" \;
  find $fixtures/weights -type f -size -128k \( -name '*.p*t*' -o -name '*.safetensors' -o -name '*.ckpt' \) -exec cp {} "$seeds/weights" \;
  python3 fuzz/seeds.py "$seeds"
}

RUSTC_WORKSPACE_WRAPPER=$PWD/fuzz/instrument.sh cargo build --features fuzz --bin fuzz
seeds
limit=(-max_total_time="${SECONDS_EACH:-60}")
[ -z "${EXECUTIONS:-}" ] || limit=(-runs="$EXECUTIONS")
chosen=("$@")
[ ${#chosen[@]} -gt 0 ] || chosen=("${TARGETS[@]}")
for name in "${chosen[@]}"; do
  mkdir -p "$folder/corpus/$name" "$folder/crashes/$name"
  echo "fuzz: $name" >&2
  FUZZ_TARGET=$name "$target/debug/fuzz" "$folder/corpus/$name" "$folder/seeds/$name" "${limit[@]}" \
    -artifact_prefix="$folder/crashes/$name/" -rss_limit_mb=1024 -malloc_limit_mb=512 -timeout=5 -max_len=131072 \
    -print_final_stats=1 2>&1 | grep -E '^(==|stat::|SUMMARY|Done|fuzz|thread|.*panicked)|ERROR' >&2
done
