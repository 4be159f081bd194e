"""Pillow used well: `thumbnail` asks the decoder for a smaller picture, and everything after works on the small one. So is Pillow-SIMD."""

import contextlib
import io
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import PIL
from PIL import Image, ImageOps, features
from told import Told

with contextlib.suppress(ImportError):
    import pillow_heif

    pillow_heif.register_heif_opener()


def start(threads: int) -> dict[str, str]:
    """Takes any number of threads, since Pillow works on one; and returns the versions."""
    del threads
    Image.MAX_IMAGE_PIXELS = None
    codecs = {name: features.version(name) for name in ("libjpeg_turbo", "zlib", "zlib_ng", "webp", "avif")}
    return {"Pillow": PIL.__version__} | {name: version for name, version in codecs.items() if version}


def prepare(content: bytes, told: Told) -> npt.NDArray[np.uint8]:
    image: Image.Image = Image.open(io.BytesIO(content))
    if image.mode == "P":
        # Palettes cannot be resampled.
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    # The decoder shrinks for the box that it is asked for, not for what fits into it: a square box around a wide picture would cost it a halving.
    factor = max(1.0, max(image.size) / told.side)
    image.thumbnail((math.ceil(image.width / factor), math.ceil(image.height / factor)), Image.Resampling.LANCZOS)
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode in {"RGBA", "LA"}:
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


prepare_giant = prepare


def prepare_many(contents: Sequence[bytes], told: Told, threads: int) -> int:
    if threads == 1:
        return sum(prepare(content, told).shape[2] for content in contents)
    with ThreadPoolExecutor(threads) as pool:
        return sum(pixels.shape[2] for pixels in pool.map(lambda content: prepare(content, told), contents))


def save(pixels: npt.NDArray[np.uint8], path: Path) -> None:
    Image.fromarray(pixels).save(path)
