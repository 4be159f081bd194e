"""cog-kit, as its documentation shows it, with the colours left as the file has them: no peer converts them."""

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cog_kit
import numpy as np
import numpy.typing as npt
from told import Told

OPTIONS: dict[str, Any] = {}


def start(threads: int) -> dict[str, str]:
    """Takes the number of threads a picture, and returns the versions."""
    if "threads" in inspect.signature(cog_kit.prepare).parameters:
        OPTIONS["threads"] = threads
    return {"cog-kit": cog_kit.__version__}


def prepare(content: bytes, told: Told) -> npt.NDArray[np.uint8]:
    return cog_kit.prepare(content, max_side=told.side, colours="file", **OPTIONS).numpy()  # type: ignore[no-any-return]


def prepare_many(contents: Sequence[bytes], told: Told, threads: int) -> int:
    return sum(picture.numpy().shape[2] for picture in cog_kit.prepare_many(contents, threads=threads, max_side=told.side, colours="file"))


def save(pixels: npt.NDArray[np.uint8], path: Path) -> None:
    cog_kit.save(pixels, format=path.suffix[1:], folder=path.parent, stem=path.stem)


def prepare_giant(content: bytes, told: Told) -> npt.NDArray[np.uint8]:
    limits = cog_kit.Limits(max_pixels=1_000_000_000, max_total_pixels=1_000_000_000, max_memory=1 << 36)
    return cog_kit.prepare(content, max_side=told.side, colours="file", limits=limits, **OPTIONS).numpy()  # type: ignore[no-any-return]
