#!/usr/bin/env bash
# Formatting and lints, Rust and Python; nothing is changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/venv.sh

echo "== cargo fmt"
cargo fmt --all --check
echo "== clippy"
cargo clippy --workspace --lib --bins --examples -- -D warnings
# Tests may unwrap, panic and print.
cargo clippy --workspace --tests --benches -- -D warnings \
  -Aclippy::{unwrap_used,expect_used,panic,print_stdout,cast_possible_truncation,cast_possible_wrap,cast_sign_loss,string_slice} -A unreachable_pub
echo "== clippy, feature by feature"
for features in "" guide image input input,image serve; do
  cargo clippy --no-default-features --features "$features" -- -D warnings
done
echo "== ruff, typos, taplo"
tools 'ruff==0.17.*' 'typos==1.*' 'taplo==0.9.*'
target/tools/bin/ruff check .
target/tools/bin/ruff format --check .
target/tools/bin/typos
target/tools/bin/taplo fmt --check
echo "== workflows"
tools 'check-jsonschema==0.39.*' 'zizmor==1.*'
target/tools/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
target/tools/bin/zizmor --offline --no-progress --quiet .github/workflows
