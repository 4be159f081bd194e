"""The pictures made from the photos, once: other kinds of JPEG, other formats, small ones, a batch, a giant."""

import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pyvips
from photos import Photo
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()

BATCH = 200
PART = (1280, 960)
# Cut from the largest photo.
CUTS = {"12 MP": (4000, 3000), "6 MP": (3000, 2000)}
# 22 megapixels of a full-frame camera, and the side of a square of 280.
FULL_FRAME = (5760, 3840)
GIANT = (20000, 14000)


def nearest(photos: Sequence[Photo], megapixels: float) -> Photo:
    """The photo nearest to a number of megapixels."""
    return min(photos, key=lambda photo: abs(photo.megapixels - megapixels))


class Maker:
    """Makes variants of photos into a folder, each if it is not there yet."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def make(self, name: str, write: Callable[[Path], object]) -> Path:
        """The file of that name; an interrupted run leaves no half of it behind."""
        path = self.folder / name
        if not path.exists():
            print(f"making {name}")
            half = self.folder / f"half-{name}"
            write(half)
            half.rename(path)
        return path

    def transcoded(self, photo: Photo, kind: str, *options: str) -> Path:
        """The photo's own coefficients, coded in another way."""
        command = ["jpegtran", "-copy", "all", *options, "-outfile"]
        return self.make(f"{photo.name}-{kind}.jpg", lambda path: subprocess.run([*command, path, photo.path], check=True))

    def encoded(self, photo: Photo, cut: tuple[int, int], extension: str, kind: str, *, alpha: bool = False, **options: Any) -> Path:
        """The middle of the photo, as Pillow writes it; with `alpha`, soft towards the corners."""

        def write(path: Path) -> None:
            image = middle(opened(photo.path), cut)
            written(with_alpha(image) if alpha else image, path, options)

        return self.make(f"{photo.name}-{cut[0]}x{cut[1]}-{kind}.{extension}", write)

    def small(self, photo: Photo, extension: str, **options: Any) -> Path:
        """The photo in 512 pixels."""

        def write(path: Path) -> None:
            image = opened(photo.path)
            image.thumbnail((512, 512), Image.Resampling.LANCZOS, reducing_gap=None)
            written(image, path, options)

        return self.make(f"{photo.name}-512.{extension}", write)

    def pixels(self, photo: Photo) -> Path:
        """The photo in 1024 pixels, as an array."""

        def write(path: Path) -> None:
            image = opened(photo.path)
            image.thumbnail((1024, 1024), Image.Resampling.LANCZOS, reducing_gap=None)
            with path.open("wb") as file:
                np.save(file, np.asarray(image))

        return self.make(f"{photo.name}-1024.npy", write)

    def batch(self, photos: Sequence[Photo]) -> list[Path]:
        """As many parts of the photos as a batch holds."""
        return [self.make(f"batch-{number:03}.jpg", partial(part, photos, number)) for number in range(BATCH)]

    def full_frame(self, photos: Sequence[Photo], extension: str, **options: Any) -> Path:
        """The largest photo, enlarged or shrunk to 22 megapixels: what is in it matters little to memory."""
        return self.make(f"full-frame.{extension}", lambda path: written(opened(photos[0].path).resize(FULL_FRAME), path, options))

    def giant(self) -> Path:
        """A grey baseline JPEG of 280 megapixels."""

        def write(path: Path) -> None:
            noise = pyvips.Image.gaussnoise(*GIANT, mean=0, sigma=3)
            waves = pyvips.Image.zone(*GIANT, uchar=True)
            (waves * 0.5 + noise + 60).cast("uchar").jpegsave(str(path), Q=85)

        return self.make("giant.jpg", write)


def opened(path: Path) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def middle(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """As much of the middle of a picture as there is."""
    width, height = min(size[0], image.width), min(size[1], image.height)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def written(image: Image.Image, path: Path, options: dict[str, Any]) -> None:
    """Writes the pixels; the photo's metadata stay behind."""
    image.info.clear()
    if path.suffix == ".heic":
        pillow_heif.from_pillow(image).save(path, **options)
    else:
        image.save(path, **options)


def with_alpha(image: Image.Image) -> Image.Image:
    """The picture, opaque in the middle and clear in the corners."""
    y = np.linspace(-1, 1, image.height)[:, np.newaxis]
    x = np.linspace(-1, 1, image.width)[np.newaxis, :]
    image.putalpha(Image.fromarray((np.clip(1.9 - x**2 - y**2, 0, 1) * 255).astype(np.uint8)))
    return image


def part(photos: Sequence[Photo], number: int, path: Path) -> None:
    image = opened(photos[number % len(photos)].path)
    left = number * 97 % max(1, image.width - PART[0])
    top = number * 61 % max(1, image.height - PART[1])
    image.crop((left, top, left + PART[0], top + PART[1])).save(path, quality=88)
