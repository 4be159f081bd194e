#!/usr/bin/env bash
# The main job, three ways, on one picture. Leaves its results in demo/.
set -euo pipefail
cd "$(dirname "$0")/.."
image=$1
[[ -f $image ]] || { echo "No such picture: $image" >&2; exit 1; }
mkdir -p demo
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

say "Building the example predictor and the Python package"
cargo build --release --example 01_prepare
[[ -x target/demo-venv/bin/python ]] || python3 -m venv target/demo-venv
target/demo-venv/bin/python -m pip install --quiet --disable-pip-version-check numpy ./python
predictor=target/release/examples/01_prepare

say "1. A predictor in Rust, on the command line"
echo "\$ $predictor predict -i image=@$image -i max_side=768 -i multiple_of=8 -o demo/out.webp"
"$predictor" predict -i "image=@$image" -i max_side=768 -i multiple_of=8 -o demo/out.webp

say "2. The same predictor, served over HTTP by Cog's own engine"
target/demo-venv/bin/python scripts/demo_http.py "$predictor" "$image" demo/served.webp

say "3. The same preparation in predict.py"
target/demo-venv/bin/python scripts/demo_python.py "$image"

say "Done. Results:"
ls -l demo
