#!/usr/bin/env bash
# Formatting and lints, Rust and Python; nothing is changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/venv.sh

echo "== cargo fmt"
cargo fmt --all --check
echo "== clippy"
cargo clippy --workspace --all-targets --all-features -- -D warnings
echo "== clippy, feature by feature"
for features in "" image input input,image serve; do
  cargo clippy --no-default-features --features "$features" -- -D warnings
done
echo "== ruff, typos, taplo"
tools 'ruff==0.17.*' 'typos==1.*' 'taplo==0.9.*'
target/tools/bin/ruff check .
target/tools/bin/ruff format --check .
target/tools/bin/typos
target/tools/bin/taplo fmt --check
