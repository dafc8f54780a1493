#!/usr/bin/env bash
# Fuzzes the readers of weight files, each target for SECONDS (default 600), from the fixtures on:
#   fuzz/run.sh [SECONDS] [TARGET ...]
# Needs `cargo install cargo-fuzz` and clang's libraries (Debian: clang).
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(file pickle safetensors)
# Instrumenting is a feature of nightly compilers that a stable one has, too.
export RUSTC_BOOTSTRAP=1
fixtures=tests/fixtures/weights
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
mkdir -p "$seeds"/{file,pickle,safetensors}
cp "$fixtures"/*.pth "$fixtures"/*.pt "$fixtures"/*.safetensors "$fixtures"/refused/*.pt* "$seeds/file"
python3 - "$fixtures" "$seeds" <<'PYTHON'
import pathlib, struct, sys, zipfile
fixtures, seeds = map(pathlib.Path, sys.argv[1:])
for path in fixtures.rglob("*.p*t*"):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith("/data.pkl"):
                    (seeds / "pickle" / path.stem).write_bytes(archive.read(name))
for path in fixtures.rglob("*.safetensors"):
    content = path.read_bytes()
    (seeds / "safetensors" / path.stem).write_bytes(content[8:8 + struct.unpack("<Q", content[:8])[0]])
PYTHON
for target in "${targets[@]}"; do
    mkdir -p "fuzz/corpus/$target"
    cargo fuzz run --fuzz-dir fuzz "$target" "fuzz/corpus/$target" "$seeds/$target" -- \
        -max_total_time="$seconds" -rss_limit_mb=512 -malloc_limit_mb=64 -timeout=2 -max_len=65536 -print_final_stats=1
done
