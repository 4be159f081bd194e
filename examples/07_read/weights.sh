#!/usr/bin/env bash
# Puts the networks of this example into a folder: weights.sh FOLDER. They come out of a package of the Python package index, version and content fixed.
set -euo pipefail

folder=$1
package=rapidocr-onnxruntime
version=1.4.4
checksums='d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9  detect.onnx
48fc40f24f6d2a207a2b1091d3437eb3cc3eb6b676dc3ef9c37384005483683b  recognise.onnx'

mkdir -p "$folder"
cd "$folder"
sha256sum --check --status <<<"$checksums" 2>/dev/null && exit
download=$(mktemp -d)
trap 'rm -rf "$download"' EXIT
# Any Python will do: nothing of the package is run. 75 says that it may go better another time.
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 --dest "$download" "$package==$version" || exit 75
python3 - "$download"/*.whl <<'PYTHON'
import sys
import zipfile

models = {"ch_PP-OCRv4_det_infer.onnx": "detect.onnx", "ch_PP-OCRv4_rec_infer.onnx": "recognise.onnx"}
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name, target in models.items():
        with open(target, "wb") as file:
            file.write(wheel.read(f"rapidocr_onnxruntime/models/{name}"))
PYTHON
sha256sum --check --quiet <<<"$checksums"
