"""JPEG files of many kinds, written by Pillow and, where it is installed, by jpegtran: the same pixels as by libjpeg-turbo."""

import io
import itertools
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cog_kit
import pytest

numpy = pytest.importorskip("numpy", reason="numpy is not installed: pixels are not compared with Pillow's")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: pixels are not compared with its own")

# Least agreement in dB.
SAME = 45.0

JPEGTRAN = shutil.which("jpegtran")


def drawing(width: int, height: int, mode: str) -> Any:
    """Waves of color with soft edges: no two samples in a row are alike, and chroma can be told from luma."""
    x, y = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    waves = [numpy.sin(x / 7 + y / 11), numpy.cos(x / 13 - y / 5), numpy.sin(x / 17) * numpy.cos(y / 9), numpy.cos((x + y) / 23)]
    planes = [(128 + 90 * wave).round().clip(0, 255).astype(numpy.uint8) for wave in waves]
    return Image.merge(mode, [Image.fromarray(plane) for plane in planes[: len(Image.new(mode, (1, 1)).getbands())]])


def written() -> Iterator[tuple[str, bytes]]:
    """Files that Pillow writes."""
    sizes = [(1, 1), (2, 2), (3, 5), (8, 8), (17, 9), (16, 33), (97, 61)]
    for (width, height), mode in itertools.product(sizes, ("L", "RGB", "CMYK")):
        image = drawing(width, height, mode)
        for subsampling, progressive, restart in itertools.product((0, 1, 2), (False, True), (0, 1, 3)):
            if mode == "L" and subsampling:
                continue
            file = io.BytesIO()
            image.save(file, "JPEG", quality=90, subsampling=subsampling, progressive=progressive, restart_marker_blocks=restart)
            yield f"{mode} {width}x{height} {subsampling} {'progressive' if progressive else 'baseline'} {restart}", file.getvalue()
    for progressive in (False, True):
        file = io.BytesIO()
        drawing(97, 61, "RGB").save(file, "JPEG", quality=90, keep_rgb=True, progressive=progressive)
        yield f"stored as RGB, {progressive}", file.getvalue()


FILES = dict(written())


def decibels(found: Any, expected: Any) -> float:
    """How much two images agree."""
    assert found.shape == expected.shape
    error = ((found.astype(float) - expected) ** 2).mean()
    return float("inf") if error == 0 else float(10 * numpy.log10(255**2 / error))


def compared(content: bytes) -> float:
    """How much a file's pixels agree with Pillow's."""
    expected = numpy.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    return decibels(cog_kit.prepare(content, colours="file").numpy(), expected)


def test_there_are_enough_files() -> None:
    assert len(FILES) >= 200


@pytest.mark.parametrize("safe", ["0", "1"])
def test_files_of_every_kind_look_as_by_libjpeg_turbo(safe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COG_KIT_SAFE_DECODERS", safe)
    found = {name: compared(content) for name, content in FILES.items()}
    assert {name: agreement for name, agreement in found.items() if agreement < SAME} == {}


@pytest.mark.parametrize("safe", ["0", "1"])
def test_files_inside_of_tiff_look_as_by_libtiff(safe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COG_KIT_SAFE_DECODERS", safe)
    for mode in ("L", "RGB"):
        file = io.BytesIO()
        drawing(97, 61, mode).save(file, "TIFF", compression="jpeg", quality=90)
        assert compared(file.getvalue()) >= SAME


SCANS = {
    "one component a scan": "2;0;1;",
    "chroma first": "1,2;0;",
    "progressive": "1 2:0-0,0,1; 0:0-0,0,1; 0:1-63,0,2; 1:1-63,0,0; 2:1-63,0,0; 0:1-63,2,1; 0,1,2:0-0,1,0; 0:1-63,1,0;",
}


@pytest.mark.skipif(JPEGTRAN is None, reason="jpegtran is not installed: arithmetic coding and scans of other kinds are not compared")
@pytest.mark.parametrize("safe", ["0", "1"])
def test_arithmetic_coding_and_other_scans_look_as_by_libjpeg_turbo(safe: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COG_KIT_SAFE_DECODERS", safe)
    kinds = [["-arithmetic"], ["-arithmetic", "-progressive"], ["-arithmetic", "-restart", "2B"], ["-progressive", "-restart", "1"]]
    for name, script in SCANS.items():
        path = tmp_path / f"{name}.txt"
        path.write_text(script)
        kinds += [["-scans", str(path)], ["-scans", str(path), "-restart", "3B"], ["-scans", str(path), "-arithmetic"]]
    for subsampling in (0, 1, 2):
        content = FILES[f"RGB 97x61 {subsampling} baseline 0"]
        for kind in kinds:
            made = subprocess.run([str(JPEGTRAN), *kind], input=content, capture_output=True, check=True).stdout
            assert compared(made) >= SAME, (subsampling, kind)
