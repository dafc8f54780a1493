# Two commands do everything: `make run` and `make test`. Each installs what it lacks (scripts/setup.sh).

PORT ?= 8080
WASM_TARGET := wasm32-unknown-unknown
WEB := --no-default-features --features web --bin web
# Tests run on the software Vulkan adapter where there is no GPU.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
export PATH := $(HOME)/.cargo/bin:$(PATH)

.PHONY: run test test-native test-browser test-site lint bench parity findings models faults dist clean

## Build what is missing and serve the page on http://localhost:8080
run: dist/web_bg.wasm
	node scripts/serve.mjs dist $(PORT)

## Everything that is tested: the library and command line, then the page in Chromium
test: test-native test-browser

test-native:
	scripts/setup.sh native
	cargo test

test-browser: dist/web_bg.wasm test-site

## The browser tests against whatever site is in dist/, after `make dist` the shipped one
test-site:
	scripts/setup.sh browser
	cargo run --quiet --example browser-fixtures -- tests/browser/fixtures
	cd tests/browser && npm ci --no-audit --no-fund && npx playwright test

# Trunk itself knows what has changed.
.PHONY: dist/web_bg.wasm
dist/web_bg.wasm:
	scripts/setup.sh web
	trunk build

lint:
	scripts/setup.sh target
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	cargo clippy --target $(WASM_TARGET) $(WEB) -- -D warnings

## Forward pass and Grad-CAM of each network on the CPU
bench:
	cargo bench

## docs/PARITY.md: how far every network and method is from PyTorch
parity:
	scripts/setup.sh native
	cargo run --example parity

## Trains the embedded models, one a core (three hours on two cores); those that were broken off go on from their last
## checkpoints. Memory is kept from step to step, or a tenth of the time would go into clearing it
models:
	scripts/setup.sh native
	cargo build --release --bin train
	SECONDS=0; target/release/train --list | RAYON_NUM_THREADS=1 MIMALLOC_PURGE_DELAY=-1 xargs -P "$$(nproc)" -n 1 target/release/train 2>&1 | cat; \
	  target/release/train --only-index; echo "took $$((SECONDS / 60)) minutes; each model's own are on its card"

## docs/FINDINGS.md: what the embedded models see, and the people of the page
findings:
	scripts/setup.sh native
	cargo run --release --bin findings

## Breaks the numerics in one place at a time; the tests must notice each
faults:
	node scripts/faults.mjs

## The shipped site in dist/: link-time optimisation, wasm-opt, sizes
dist:
	scripts/setup.sh web
	scripts/dist.sh

clean:
	cargo clean
	rm -rf dist results tests/browser/fixtures tests/browser/node_modules
