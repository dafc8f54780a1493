# Two commands do everything: `make run` and `make test`. Each installs what is missing (scripts/setup.sh).

PORT ?= 8080
PYTHON ?= python3
WASM_TARGET := wasm32-unknown-unknown
WEB := --no-default-features --bin web --features web
# The tools `train` and `findings`; what the feature adds is small, and Burn is not compiled again for it.
DEVELOPER := --features developer
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
# $(call announce,FOLDER,WHAT,HOW LONG): says that a long step begins, where FOLDER shows that it has never been done.
announce = @[ -d $(TARGET_DIR)/$(1) ] || echo "make: $(2), once for this clone; about $(3) on two cores"
# Tests run on the software Vulkan adapter where there is no GPU.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec
export PATH := $(HOME)/.cargo/bin:$(PATH)

.PHONY: run test test-native test-page test-browser test-site test-packages lint bench bench-page parity findings models faults fuzz soak dist docs package clean

## Build what is missing and serve the page on http://localhost:8080
run: dist/web_bg.wasm
	node scripts/serve.mjs dist $(PORT)

## Every test: the library and the command line with their documentation, then the page with and without browsers
test: test-native test-page test-browser

test-native:
	scripts/setup.sh native
	$(call announce,debug/deps,compiling the library with Burn and its tests,15 minutes)
	cargo test
	$(call announce,doc,checking the documentation,3 minutes)
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --lib

## What of the page needs no browser
test-page:
	scripts/setup.sh page_tests
	node --test tests/page/*.test.mjs

test-browser: dist/web_bg.wasm test-site

## The browser tests of the site that is in dist/: after `make dist`, of the shipped one
test-site:
	scripts/setup.sh page_tests browser
	@echo "make: testing the page in Chromium, Firefox and WebKit; about 15 minutes on two cores"
	cargo run --quiet --example browser-fixtures -- tests/browser/fixtures
	npx playwright test --config tests/browser/playwright.config.mjs

## The npm package and the wheel, made of the site that is in dist/, in the tools that they are for: JupyterLab, marimo, Sphinx, Vite, …
test-packages:
	scripts/setup.sh page_tests browser wheel package_tests
	[ -f dist/web_bg.wasm ] || $(MAKE) dist/web_bg.wasm
	@echo "make: trying the packages; about 10 minutes on two cores"
	mkdir -p packed/screenshots
	node scripts/package.mjs dist packed
	.venv/bin/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps packed/cam_lucida-*.whl
	node --test --test-concurrency=1 tests/packages/*.test.mjs

# Trunk itself knows what has changed.
.PHONY: dist/web_bg.wasm
dist/web_bg.wasm:
	scripts/setup.sh web page
	$(call announce,$(WASM_TARGET)/debug,compiling the page with Burn to WebAssembly,13 minutes)
	trunk build

lint:
	scripts/setup.sh target page_tests supply
	npm run --silent check
	cargo fmt --check
	rustfmt --check src/kernels/relaxed.rs
	RUSTC=clippy-driver node scripts/relaxed.mjs
	cargo clippy --all-targets $(DEVELOPER),fuzz -- -D warnings
	cargo clippy --target $(WASM_TARGET) $(WEB) -- -D warnings
	cargo clippy --target $(WASM_TARGET) $(WEB),gpu -- -D warnings
	node scripts/supply.mjs

## Forward pass and Grad-CAM of each network on the CPU
bench:
	cargo bench

## docs/TIMINGS.md: Grad-CAM in the page beside its peers in the same Chromium, on CPU and WebGPU, a camera and what is dragged, after
## `make dist`. PYTHON has torch, torchvision, onnx and safetensors, to make networks that both read
bench-page:
	scripts/setup.sh page_tests browser peers
	$(PYTHON) benches/networks.py packed/peers resnet50 mobilenet_v2 vgg16
	node benches/page.mjs dist packed/peers
	node benches/gpu.mjs dist packed/peers
	node benches/live.mjs dist packed/peers

## docs/PARITY.md: how far every network and method is from PyTorch
parity:
	scripts/setup.sh native
	cargo run --example parity

## Trains the embedded models, one on each core, those that start from another after it (about nine hours on two cores).
## An interrupted run goes on from its last checkpoints. The allocator keeps its memory from step to step: clearing it would take a tenth of the time
models:
	scripts/setup.sh native
	cargo build --release $(DEVELOPER) --bin train
	SECONDS=0; for stage in 0 1 2; do \
	    target/release/train --list $$stage | RAYON_NUM_THREADS=1 MIMALLOC_PURGE_DELAY=-1 xargs -P "$$(nproc)" -n 1 target/release/train 2>&1 | cat; \
	  done; \
	  target/release/train --only-index; echo "took $$((SECONDS / 60)) minutes; each model's own are on its card"

## docs/FINDINGS.md: what the embedded models see; the people of the page, and what channels answer to
findings:
	scripts/setup.sh native
	cargo run --release $(DEVELOPER) --bin findings

## Breaks the numerics in one place at a time; the tests must notice each fault
faults:
	node scripts/faults.mjs

## Fuzzes what reads files, texts and messages from outside: SECONDS_EACH (60) or EXECUTIONS of each target, all of them or TARGETS
fuzz: dist/web_bg.wasm
	scripts/setup.sh native
	@echo "make: fuzzing; compiles for some minutes first"
	fuzz/run.sh $(TARGETS)
	scripts/setup.sh page_tests
	FUZZ_RUNS=200000 node --test $(addprefix tests/page/,address.test.mjs embed.test.mjs hostile.test.mjs messages.test.mjs)
	node fuzz/messages.mjs dist

## Ten thousand explanations (or COUNT) in one page of the site that is in dist/: no place of memory may grow, no result change
soak: dist/web_bg.wasm
	scripts/setup.sh page_tests browser
	node scripts/soak.mjs $(COUNT)

## The shipped site in dist/: link-time optimisation, wasm-opt, sizes
dist:
	scripts/setup.sh web page
	scripts/dist.sh

## What is published: the npm package and the wheel, in packed/
package: dist
	scripts/setup.sh wheel
	mkdir -p packed
	node scripts/package.mjs dist packed

## The book and the library's documentation, in the site that is in dist/: after `make dist`, in the shipped one
docs:
	scripts/setup.sh page_tests book
	[ -f dist/web_bg.wasm ] || $(MAKE) dist/web_bg.wasm
	$(call announce,doc,compiling for the documentation,3 minutes)
	cargo doc --no-deps --lib
	rm -rf dist/rust && cp -r $(TARGET_DIR)/doc dist/rust
	node scripts/book/build.mjs dist

clean:
	cargo clean
	rm -rf dist packed .venv python/src/cam_lucida/site python/LICENSE-* results tests/browser/fixtures node_modules
