#!/usr/bin/env bash
# Our server beside the official one, which comes from the Python package index: the same requests, the same answers.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/reference
[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'cog==0.23.1' 'replicate==1.0.7'
echo "== the official server and ours"
cargo build --no-default-features --features serve --example twin
folder=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
"$venv/bin/python" tests/reference/compare.py "$folder/debug/examples/twin"
echo "== Replicate's own client and our server"
"$venv/bin/python" tests/reference/client.py "$folder/debug/examples/twin"
