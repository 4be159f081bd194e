"""Frames of every disposal, blending and offset beside those of Pillow, whose WebP frames are those of libwebp's `WebPAnimDecoder`."""

import io
from typing import Any

import animations
import cog_kit
import numpy as np
import pytest

SIZE = (16, 12)


@pytest.fixture
def pillow() -> Any:
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to compare frames with")


def theirs(pillow: Any, file: bytes) -> list[np.ndarray]:
    picture = pillow.open(io.BytesIO(file))
    frames = []
    for number in range(picture.n_frames):
        picture.seek(number)
        frames.append(np.asarray(picture.convert("RGBA")).copy())
    return frames


def ours(file: bytes) -> list[np.ndarray]:
    return [frame.to_numpy() for frame in cog_kit.frames(file, alpha="keep")]


def visible(pixels: np.ndarray) -> np.ndarray:
    """The pixels without the colors of those that are not seen."""
    return np.where(pixels[..., 3:] == 0, 0, pixels)


def compare(pillow: Any, file: bytes, name: str) -> None:
    found, expected = ours(file), theirs(pillow, file)
    assert len(found) == len(expected) == 3
    for number, (mine, other) in enumerate(zip(found, expected)):
        np.testing.assert_array_equal(visible(mine), visible(other), f"frame {number} of {name}")


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("alpha", ["opaque", "binary", "any"])
def test_webp_frames_are_those_of_libwebp(pillow: Any, alpha: str, lossless: bool) -> None:
    for number, frames in enumerate(animations.matrix(SIZE, [0, 1], [True, False], alpha)):
        compare(pillow, animations.webp(SIZE, frames, pillow, lossless), f"{alpha} {number}")


@pytest.mark.parametrize("alpha", ["opaque", "binary"])
def test_png_frames_are_those_of_pillow(pillow: Any, alpha: str) -> None:
    # With a default image Pillow counts that as a frame, and partial alpha it blends unlike the specification says.
    for number, frames in enumerate(animations.matrix(SIZE, [0, 1, 2], [True, False], alpha)):
        if frames[0].pixels.shape[:2] == SIZE[::-1]:
            compare(pillow, animations.png(SIZE, frames), f"{alpha} {number}")


def test_gif_frames_are_those_of_pillow(pillow: Any) -> None:
    for number, frames in enumerate(animations.matrix(SIZE, [0, 1, 2], [True], "binary")):
        compare(pillow, animations.gif(SIZE, frames), str(number))


def test_gif_frames_are_those_of_libvips(pillow: Any) -> None:
    vips = pytest.importorskip("pyvips", reason="pyvips is not installed: GIF is not compared with libvips")
    for number, frames in enumerate(animations.matrix(SIZE, [0, 1, 2], [True], "binary")):
        file = animations.gif(SIZE, frames)
        strip = vips.Image.new_from_buffer(file, "", n=-1).numpy()
        for at, mine in enumerate(ours(file)):
            other = strip[at * SIZE[1] : (at + 1) * SIZE[1]]
            np.testing.assert_array_equal(visible(mine), visible(other), f"frame {at} of {number}")
