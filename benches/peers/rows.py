"""The rows: which job on which files, in the order of the document."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from photos import Photo
from variants import BATCH, CUTS, FULL_FRAME, GIANT, PART, Maker, nearest

RARER: list[tuple[str, str, dict[str, Any]]] = [
    ("WebP, lossless", "webp", {"lossless": True, "method": 2}),
    ("GIF", "gif", {}),
    ("AVIF", "avif", {"quality": 75, "speed": 8}),
    ("HEIC", "heic", {"quality": 75}),
]
SMALL: list[tuple[str, dict[str, Any]]] = [("jpg", {"quality": 90}), ("png", {}), ("webp", {"quality": 85})]


@dataclass(frozen=True)
class Row:
    """A job that every peer is given; its files are made when they are first asked for."""

    group: str
    name: str
    make: Callable[[], Path | list[Path]]
    size: tuple[int, int]
    side: int = 1024
    job: str = "prepare"
    jpeg: bool = False
    alpha: bool = False
    threads: tuple[int, ...] = (1, 2)

    @cached_property
    def files(self) -> list[Path]:
        """The pictures, or the pixels to save."""
        made = self.make()
        return made if isinstance(made, list) else [made]

    @property
    def factor(self) -> float:
        """By how much the picture shrinks."""
        return max(1.0, max(self.size) / self.side)

    @property
    def fitted(self) -> tuple[int, int]:
        """Width and height of the result, which a peer's own rounding may miss by a pixel."""
        return max(1, round(self.size[0] / self.factor)), max(1, round(self.size[1] / self.factor))

    def request(self, threads: int, scratch: Path) -> dict[str, Any]:
        """What a worker is told."""
        if self.job == "save":
            extension = self.group.rpartition(" ")[2].lower()
            return {"slot": str(threads), "job": "save", "pixels": str(self.files[0]), "path": str(scratch / f"saved.{extension}")}
        told = {"side": self.side, "size": self.size, "jpeg": self.jpeg, "alpha": self.alpha}
        return {"slot": str(threads), "job": self.job, "threads": threads, "files": [str(file) for file in self.files], **told}


def timed_rows(photos: Sequence[Photo], maker: Maker) -> Iterator[Row]:
    """Every row that is timed."""
    for side in (1024, 512):
        for photo in photos:
            yield camera(photo, side)
    # So little that no decoder can help.
    yield camera(photos[-1], round(max(photos[-1].size) / 1.5))

    large, usual = photos[0], nearest(photos, 8)
    for photo in (large, usual):
        yield recoded(maker, photo, "progressive", "-progressive")
        yield recoded(maker, photo, "restart markers", "-restart", "1")
    yield recoded(maker, usual, "grey", "-grayscale")
    encoded = partial(partial, maker.encoded, large)
    for name, cut in CUTS.items():
        yield Row("other JPEG", f"{name}, 4:4:4, to 1024", encoded(cut, "jpg", "444", quality=92, subsampling=0), cut, jpeg=True)
    for name, cut in CUTS.items():
        yield Row("PNG", f"{name}, PNG, to 1024", encoded(cut, "png", "rgb"), cut)
    for name, cut in CUTS.items():
        yield Row("PNG with alpha", f"{name}, PNG with alpha, to 1024", encoded(cut, "png", "rgba", alpha=True), cut, alpha=True)
    for name, cut in CUTS.items():
        yield Row("WebP", f"{name}, WebP, to 1024", encoded(cut, "webp", "lossy", quality=85), cut)
    for group, extension, options in RARER:
        yield Row(group, f"6 MP, {group}, to 1024", encoded(CUTS["6 MP"], extension, "rarer", **options), CUTS["6 MP"])

    for extension, options in SMALL:
        make = partial(maker.small, large, extension, **options)
        yield Row("small", f"512 px, {extension}, not resized", make, reduced(large, 512), 512, jpeg=extension == "jpg", threads=(1,))
    yield Row("batch", f"{BATCH} JPEGs of 1.2 MP, to 512", partial(maker.batch, photos), PART, 512, "batch", jpeg=True)
    for photo in (large, usual):
        for kind in ("PNG", "WebP"):
            yield Row(f"saving {kind}", f"{photo.name} in 1024 px, as {kind}", partial(maker.pixels, photo), reduced(photo, 1024), job="save", threads=(1,))


def memory_rows(photos: Sequence[Photo], maker: Maker) -> Iterator[tuple[Row, Row]]:
    """Each row whose memory is measured, behind a small one of its kind that warms the process."""
    small = {extension: Row("warm", extension, partial(maker.small, photos[0], extension, **options), (512, 512), 256) for extension, options in SMALL}
    jpeg = partial(maker.full_frame, photos, "jpg", quality=92, subsampling=2)
    yield small["jpg"], Row("memory", "JPEG of 22 MP, to 1024", jpeg, FULL_FRAME, jpeg=True)
    yield small["png"], Row("memory", "PNG of 22 MP, to 1024", partial(maker.full_frame, photos, "png", compress_level=3), FULL_FRAME)
    yield small["jpg"], Row("memory", "grey JPEG of 280 MP, to 1024", maker.giant, GIANT, job="prepare_giant", jpeg=True)


def camera(photo: Photo, side: int) -> Row:
    return Row("camera", f"{photo.name}, {photo.megapixels:.1f} MP, to {side}", lambda: photo.path, photo.size, side, jpeg=True)


def recoded(maker: Maker, photo: Photo, kind: str, *options: str) -> Row:
    make = partial(maker.transcoded, photo, kind.replace(" ", "-"), *options)
    return Row("other JPEG", f"{photo.name}, {photo.megapixels:.1f} MP, {kind}, to 1024", make, photo.size, jpeg=True)


def reduced(photo: Photo, side: int) -> tuple[int, int]:
    factor = max(1.0, max(photo.size) / side)
    return round(photo.size[0] / factor), round(photo.size[1] / factor)
