#!/usr/bin/env bash
# cog-kit beside Pillow, Pillow-SIMD, OpenCV and libvips, from bytes to numpy pixels; writes docs/benchmarks.md. Options go to benches/peers/run.py: --quick, --only, --check.
# Photos come from packages, or from COG_KIT_PHOTOS=FOLDER. Wheels are built, or taken from COG_KIT_WHEEL (fast codecs) and COG_KIT_PURE_WHEEL (default features).
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/debian.sh
source scripts/venv.sh

# `install ENVIRONMENT PACKAGE…` makes target/bench/ENVIRONMENT, which holds the packages.
install() {
  local venv=target/bench/$1
  shift
  [[ -x $venv/bin/python ]] || python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

# `own ENVIRONMENT WHEEL [FEATURES]` installs cog-kit from a wheel, built first if none is named.
own() {
  local wheel=$2
  if [[ -z $wheel ]]; then
    rm -rf "target/bench/wheel-$1"
    target/tools/bin/maturin build --release ${3:+--features "$3"} -m python/Cargo.toml -o "target/bench/wheel-$1"
    wheel=$(echo "target/bench/wheel-$1"/*.whl)
  fi
  install "$1" --force-reinstall --no-deps "$wheel"
}

mkdir -p target/bench
echo "== cog-kit, with the fast codecs and without"
debian libjpeg-turbo-progs
[[ $(uname -m) != x86_64 || -n ${COG_KIT_WHEEL:-} ]] || debian nasm
tools 'maturin>=1.9,<2'
own peers "${COG_KIT_WHEEL:-}" fast-jpeg,fast-avif
own pure "${COG_KIT_PURE_WHEEL:-}"
install pure numpy

echo "== peers"
install peers numpy 'pillow==13.*' 'pillow-heif==1.*' 'opencv-python-headless==5.*' 'pyvips[binary]==3.*' 'simplejpeg==1.*'
if [[ ! -x target/bench/simd/bin/python ]]; then
  # Built without WebP it would read less than it can, and pip would keep such a build.
  if ! { grep -qw avx2 /proc/cpuinfo && debian zlib1g-dev libjpeg-dev libwebp-dev && CC='cc -mavx2' install simd --no-cache-dir --no-binary pillow-simd numpy 'pillow-simd==12.*'; }; then
    rm -rf target/bench/simd
    echo "left out: Pillow-SIMD, which needs AVX2 and those packages to be built" >&2
  fi
fi
if [[ ! -x target/bench/allsimd/bin/python ]] && ! install allsimd numpy pillow-allsimd 2>/dev/null; then
  rm -rf target/bench/allsimd
  echo "left out: Pillow-AllSIMD, which the package index does not offer here" >&2
fi

target/bench/peers/bin/python benches/peers/run.py "$@"
