#!/usr/bin/env bash
# Formatting and lints, Rust and Python; nothing is changed.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/venv.sh

echo "== cargo fmt"
cargo fmt --all --check
cargo fmt --check --manifest-path examples/07_read/Cargo.toml
echo "== clippy"
cargo clippy --workspace --lib --bins --examples -- -D warnings
# Tests may unwrap, panic and print.
cargo clippy --workspace --tests --benches -- -D warnings \
  -Aclippy::{unwrap_used,expect_used,panic,print_stdout,cast_possible_truncation,cast_possible_wrap,cast_sign_loss,string_slice} -A unreachable_pub
echo "== clippy, feature by feature"
features=$(cargo metadata --no-deps --format-version 1 | python3 -c '
import json, sys
for package in json.load(sys.stdin)["packages"]:
    if package["name"] == "cog-kit":
        print(*(name for name in package["features"] if name != "default"))')
for feature in "" "input,image" $features; do
  if [[ $feature == fast-avif && $(uname -m) == x86_64 ]] && ! command -v nasm >/dev/null; then
    echo "skipped: the feature $feature needs nasm, which is not installed"
    continue
  fi
  cargo clippy --quiet --no-default-features --features "$feature" -- -D warnings
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
