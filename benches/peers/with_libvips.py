"""libvips' `thumbnail_buffer`, which reads the header, shrinks while decoding, turns, and keeps alpha premultiplied."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyvips
from told import Told


def start(threads: int) -> dict[str, str]:
    """Takes the number of threads from `VIPS_CONCURRENCY`, which is read at import, and returns the versions."""
    del threads
    # Or the second call with the same bytes might be answered from memory.
    pyvips.cache_set_max(0)
    return {"libvips": ".".join(str(pyvips.version(part)) for part in range(3)), "pyvips": pyvips.__version__}


def prepare(content: bytes, told: Told) -> npt.NDArray[np.uint8]:
    image = pyvips.Image.thumbnail_buffer(content, told.side, height=told.side, size="down")
    if image.hasalpha():
        image = image.flatten(background=[255])
    if image.bands == 1:
        image = image.colourspace("srgb")
    return image.numpy()  # type: ignore[no-any-return]


prepare_giant = prepare


def prepare_many(contents: Sequence[bytes], told: Told, threads: int) -> int:
    if threads == 1:
        return sum(prepare(content, told).shape[2] for content in contents)
    with ThreadPoolExecutor(threads) as pool:
        return sum(pixels.shape[2] for pixels in pool.map(lambda content: prepare(content, told), contents))


def save(pixels: npt.NDArray[np.uint8], path: Path) -> None:
    options = {"Q": 80} if path.suffix == ".webp" else {}
    pyvips.Image.new_from_array(pixels).write_to_file(str(path), **options)
