#!/usr/bin/env bash
# Builds the Python package, installs it into a fresh virtual environment and tests it there.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/python-test
rm -rf "$venv"
python3 -m venv "$venv"
python="$PWD/$venv/bin/python"
echo "== pip install ./python"
"$python" -m pip install --quiet --disable-pip-version-check ./python
echo "== without numpy and Pillow"
"$python" -m pip install --quiet --disable-pip-version-check 'pytest==9.*' 'mypy==2.*'
"$python" -m pytest -q python/tests
echo "== with numpy and Pillow"
"$python" -m pip install --quiet --disable-pip-version-check numpy pillow
"$python" -m pytest -q python/tests
echo "== types"
"$python" -m mypy --strict python/tests scripts tests/pictures/draw.py
"$python" -m mypy.stubtest cog_kit
