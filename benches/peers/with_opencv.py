"""OpenCV as an expert uses it: the decoder halves as long as the resampler keeps a factor of two, and INTER_AREA does the rest."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from told import Told

REDUCED = {8: cv2.IMREAD_REDUCED_COLOR_8, 4: cv2.IMREAD_REDUCED_COLOR_4, 2: cv2.IMREAD_REDUCED_COLOR_2}


def start(threads: int) -> dict[str, str]:
    """Takes the number of threads a picture, and returns the versions."""
    cv2.setNumThreads(threads)
    return {"OpenCV": cv2.__version__}


def prepare(content: bytes, told: Told) -> npt.NDArray[np.uint8]:
    flag = cv2.IMREAD_UNCHANGED if told.alpha else cv2.IMREAD_COLOR
    factor = max(told.size) / told.side
    if told.jpeg:
        flag = next((flag for scale, flag in REDUCED.items() if factor / scale >= 2), flag)
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), flag)
    if pixels is None:
        raise ValueError("imdecode returned nothing")
    if told.alpha:
        # Premultiplied, or the hidden colours bleed.
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGBA2mRGBA)
    if factor > 1:
        size = (max(1, round(told.size[0] / factor)), max(1, round(told.size[1] / factor)))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if told.alpha:
        colours, alpha = cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGB), cv2.cvtColor(pixels[..., 3], cv2.COLOR_GRAY2RGB)
        return cv2.add(colours, cv2.bitwise_not(alpha))  # type: ignore[return-value]
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)  # type: ignore[return-value]


prepare_giant = prepare


def prepare_many(contents: Sequence[bytes], told: Told, threads: int) -> int:
    if threads == 1:
        return sum(prepare(content, told).shape[2] for content in contents)
    with ThreadPoolExecutor(threads) as pool:
        return sum(pixels.shape[2] for pixels in pool.map(lambda content: prepare(content, told), contents))


def save(pixels: npt.NDArray[np.uint8], path: Path) -> None:
    # Without a quality, OpenCV writes WebP without loss.
    options = [cv2.IMWRITE_WEBP_QUALITY, 80] if path.suffix == ".webp" else []
    cv2.imwrite(str(path), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
