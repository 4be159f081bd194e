#!/usr/bin/env bash
# Counts the instructions of two fixed pipelines with valgrind and holds them against benches/instructions.json; --bless keeps the new numbers.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/debian.sh

command -v valgrind >/dev/null || debian valgrind
python3 benches/instructions/run.py "$@"
