#!/usr/bin/env bash
# Builds the Python package, installs it into a fresh virtual environment and tests it there: alone, with numpy and Pillow, and under Cog.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/python-test
rm -rf "$venv"
python3 -m venv "$venv"
python="$PWD/$venv/bin/python"
install() { "$python" -m pip install --quiet --disable-pip-version-check "$@"; }

source scripts/debian.sh
debian libjpeg-turbo-progs || echo "skipped: jpegtran is not installed, and some forms of JPEG are not compared"

echo "== pip install ./python"
install ./python
echo "== without numpy, Pillow, tqdm and torch"
install 'pytest==9.*'
"$python" -m pytest -q python/tests
echo "== with numpy, Pillow and tqdm, beside libvips and libheif, and served by Cog; with torch where it is installed (COG_KIT_TEST_TORCH=1 installs it)"
install numpy pillow 'pyvips[binary]==3.*' 'pillow-heif==1.*' 'tqdm==4.*' 'cog==0.23.1' 'coglet==0.23.1'
[[ -z ${COG_KIT_TEST_TORCH:-} ]] || install torch
"$python" -m pytest -q python/tests
echo "== types"
install 'mypy==2.*' types-tqdm typing_extensions
"$python" -m mypy --strict python/tests scripts tests/pictures/draw.py
# Cog has no types of its own.
"$python" -m mypy --strict --ignore-missing-imports --allow-subclassing-any examples/inpaint
"$python" -m mypy --strict -p cog_kit
"$python" -m mypy.stubtest cog_kit
