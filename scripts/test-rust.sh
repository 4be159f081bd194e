#!/usr/bin/env bash
# Every test in Rust: unit, integration, compile errors, examples, documentation.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== tests"
# The tests of servers run the examples' programs.
cargo build --examples
cargo test --all-targets
echo "== documentation examples"
cargo test --doc
