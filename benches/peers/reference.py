"""What a picture should become: a decode at full size, resampled by Lanczos3 in floats; and how far a result is from it."""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

Floats = npt.NDArray[np.float64]


def reference(path: Path, size: tuple[int, int], cache: Path) -> Floats:
    """The picture upright, over white, at a size (width, height), in 0-255, kept on disk."""
    cache.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    kept = cache / f"{key}-{size[0]}x{size[1]}.npy"
    if not kept.exists():
        np.save(kept, shrunk(whole(path), size).astype(np.float32))
    return np.load(kept).astype(np.float64)  # type: ignore[no-any-return]


def whole(path: Path) -> npt.NDArray[np.float32]:
    """Every pixel of the file, decoded by Pillow and flattened in floats."""
    image = ImageOps.exif_transpose(Image.open(path))
    if "A" in image.mode or "transparency" in image.info:
        pixels = np.asarray(image.convert("RGBA"), np.float32)
        alpha = pixels[..., 3:] / np.float32(255)
        flattened: npt.NDArray[np.float32] = pixels[..., :3] * alpha + np.float32(255) * (1 - alpha)
        return flattened
    return np.asarray(image.convert("RGB"), np.float32)


def shrunk(pixels: npt.NDArray[np.float32], size: tuple[int, int]) -> Floats:
    """Pixels at a size (width, height): rows first, then columns, clipped at the end alone."""
    rows = lanczos(pixels, size[1])
    columns = lanczos(np.ascontiguousarray(rows.transpose(1, 0, 2)), size[0])
    clipped: Floats = np.clip(columns.transpose(1, 0, 2), 0, 255)
    return clipped


def lanczos(pixels: npt.NDArray[np.float32] | Floats, length: int) -> Floats:
    """The first axis resampled to `length`, with the kernel widened by the factor when it shrinks, as Pillow's is."""
    if pixels.shape[0] == length:
        return pixels.astype(np.float64)
    scale = pixels.shape[0] / length
    widened = max(scale, 1.0)
    flat = pixels.reshape(pixels.shape[0], -1)
    result = np.empty((length, flat.shape[1]))
    for place in range(length):
        centre = (place + 0.5) * scale
        first = max(0, int(centre - 3 * widened + 0.5))
        last = min(pixels.shape[0], int(centre + 3 * widened + 0.5))
        distance = (np.arange(first, last) + 0.5 - centre) / widened
        weights = np.where(np.abs(distance) < 3, np.sinc(distance) * np.sinc(distance / 3), 0)
        result[place] = (weights / weights.sum()) @ flat[first:last].astype(np.float64)
    return result.reshape(length, *pixels.shape[1:])


def psnr(found: npt.NDArray[np.uint8], expected: npt.NDArray[np.uint8] | Floats) -> float:
    """Decibels over all samples; infinite when they are equal."""
    error = float(np.mean((found.astype(np.float64) - expected) ** 2))
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)
