"""Bytes and time of saved JPEG and PNG files beside Pillow's, for the photos that are named.

python benches/encode/compare.py tests/pictures/phone.jpg tests/pictures/sign.jpg

JPEG is compared at equal similarity: the bytes that Pillow would take for the SSIM that cog-kit reaches, between two of its qualities.
"""

import io
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cog_kit
import numpy as np
from PIL import Image
from skimage.metrics import structural_similarity

QUALITIES = (75, 90, 95)
PILLOW_QUALITIES = (40, 50, 60, 65, 70, 75, 80, 85, 88, 90, 92, 94, 95, 96, 97, 98, 99, 100)
REPEATS = 5


def similarity(file: Any, image: Any) -> float:
    """SSIM of red, green and blue, Gaussian windows."""
    found = np.asarray(Image.open(file).convert("RGB"))
    return float(structural_similarity(found, np.asarray(image), channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False))


def with_pillow(image: Any, form: str, **options: Any) -> tuple[io.BytesIO, float]:
    """A file and the least time that it took, in milliseconds."""
    least = float("inf")
    for _ in range(REPEATS):
        file = io.BytesIO()
        start = time.perf_counter()
        image.save(file, form, **options)
        least = min(least, time.perf_counter() - start)
    return file, least * 1e3


def with_cog_kit(image: Any, form: str, folder: str, **options: Any) -> tuple[Path, float]:
    """A file and the least time that it took, in milliseconds; Pillow's hand-over and the disk are part of it."""
    least = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        path = cog_kit.save(image, format=form, folder=folder, **options)
        least = min(least, time.perf_counter() - start)
    return path, least * 1e3


def main() -> None:
    """Prints a row for each photo and quality, and the geometric means."""
    ratios: dict[str, list[float]] = {}
    print("photo | what | bytes | Pillow's bytes | ratio | Pillow's at equal SSIM | ratio | ms | Pillow's ms")
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:]:
            image = cog_kit.prepare(name).pil().copy()
            for quality in QUALITIES:
                curve = []
                for step in PILLOW_QUALITIES:
                    file = io.BytesIO()
                    image.save(file, "JPEG", quality=step)
                    curve.append((similarity(file, image), file.tell()))
                path, own_ms = with_cog_kit(image, "jpg", folder, quality=quality)
                size, wanted = path.stat().st_size, similarity(path, image)
                same, pillow_ms = with_pillow(image, "JPEG", quality=quality)
                # SSIM nears 1: its distance from there, and bytes, on scales of logarithms.
                at = [-np.log(1 - found) for found, _ in curve]
                equal = float(np.exp(np.interp(-np.log(1 - wanted), at, [np.log(size) for _, size in curve])))
                beyond = "at most " if wanted > curve[-1][0] else ""
                ratios.setdefault(f"JPEG {quality}, equal SSIM", []).append(size / equal)
                row = f"{size} | {same.tell()} | {size / same.tell():.3f} | {beyond}{equal:.0f} | {size / equal:.3f} | {own_ms:.1f} | {pillow_ms:.1f}"
                print(f"{Path(name).name} | JPEG {quality} | {row}")
            path, own_ms = with_cog_kit(image, "png", folder)
            file, pillow_ms = with_pillow(image, "PNG")
            size = path.stat().st_size
            ratios.setdefault("PNG", []).append(size / file.tell())
            print(f"{Path(name).name} | PNG | {size} | {file.tell()} | {size / file.tell():.3f} | | | {own_ms:.1f} | {pillow_ms:.1f}")
    for what, found in ratios.items():
        print(f"{what}: geometric mean {np.exp(np.mean(np.log(found))):.3f}, worst {max(found):.3f}")


if __name__ == "__main__":
    main()
