# demo: the main job on a real picture.   test: every test of the project.
# Both install what they need first; see scripts/need.sh.
SHELL := /bin/bash
IMAGE ?= tests/pictures/phone.jpg
export CARGO_TERM_COLOR ?= auto

.PHONY: help demo test lint rust reference network python wheel conformance formats docs bless bench bench-instructions bench-peers clean

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

demo: ## Prepare a picture three ways; IMAGE=path for your own
	@scripts/need.sh
	@scripts/demo.sh '$(IMAGE)'

test: ## Run every test, in Rust and in Python, and every check
	@scripts/need.sh
	@$(MAKE) --no-print-directory lint rust reference network docs python

lint: ## Check formatting, lints and spelling of the code
	@scripts/lint.sh

rust: ## Run the tests in Rust
	@scripts/test-rust.sh

reference: ## Compare our server with the official one
	@scripts/test-reference.sh

network: ## Run the example that reads text in pictures with neural networks
	@scripts/test-network.sh

python: ## Build the wheel, install it into a new environment and test it there
	@scripts/test-python.sh

wheel: ## Build a wheel for other Linux machines, with the fast codecs, and an sdist; into target/wheels
	@scripts/wheel.sh

conformance: ## Compare schemas with those that Cog prints; FILES="a.json b.json" for signatures of your own
	COG_KIT_CONFORMANCE='$(FILES)' cargo test --test conformance -- --nocapture

formats: ## Write docs/formats.md: what becomes of every file of the corpus beside the checkout
	COG_KIT_BLESS=1 cargo test --test formats -- --nocapture

docs: ## Build the documentation, warnings refused
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items

bless: ## Rewrite golden files; look at the diff
	COG_KIT_BLESS=1 TRYBUILD=overwrite cargo test

bench: ## Measure pictures, requests and schemas in Rust; BENCH="decode" for what has this in its name
	@scripts/need.sh
	cargo bench --no-default-features --features image,input --bench image --bench requests --bench schema -- '$(BENCH)'

bench-instructions: ## Count the instructions of two pipelines and fail where they became more by 5 %; BENCH=--bless keeps the new numbers
	@scripts/need.sh
	@scripts/bench-instructions.sh $(BENCH)

bench-peers: ## Measure cog-kit beside Pillow, OpenCV and libvips and write docs/benchmarks.md; BENCH="--quick --only png --check" for less
	@scripts/need.sh
	@scripts/bench-peers.sh $(BENCH)

clean: ## Remove what was built
	cargo clean
	rm -rf demo
