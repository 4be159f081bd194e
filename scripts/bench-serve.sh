#!/usr/bin/env bash
# Our server beside the official one: time to READY, latency, memory. Fails if it is not as much better as promised.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/reference
[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'cog==0.23.1'
cargo build --release --no-default-features --features serve --example 02_hello
folder=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
"$venv/bin/python" benches/serve/compare.py "$folder/release/examples/02_hello"
