"""Frames of every disposal, blending and offset beside those of Pillow, whose WebP frames are those of libwebp's `WebPAnimDecoder`."""

import io
from typing import Any

import cog_kit
import pytest

np: Any = pytest.importorskip("numpy", reason="numpy is not installed: nothing to compare frames with")
import animations  # noqa: E402

SIZE = (16, 12)


@pytest.fixture
def pillow() -> Any:
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: nothing to compare frames with")


def theirs(pillow: Any, file: bytes) -> list[Any]:
    picture = pillow.open(io.BytesIO(file))
    frames = []
    for number in range(picture.n_frames):
        picture.seek(number)
        frames.append(np.asarray(picture.convert("RGBA")).copy())
    return frames


def ours(file: bytes) -> list[Any]:
    return [frame.numpy() for frame in cog_kit.frames(file, alpha="keep")]


def compare(file: bytes, expected: list[Any], name: str) -> None:
    """Alpha is the same, and colors are where they show; premultiplying rounds them."""
    found = ours(file)
    assert len(found) == len(expected) == 3
    for number, (mine, other) in enumerate(zip(found, expected, strict=True)):
        np.testing.assert_array_equal(mine[..., 3], other[..., 3], f"alpha of frame {number} of {name}")
        difference = np.abs(mine[..., :3].astype(float) - other[..., :3]) * other[..., 3:] / 255
        assert difference.max() <= 1, f"frame {number} of {name}: {difference.max()}"


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("alpha", ["opaque", "binary", "any"])
def test_webp_frames_are_those_of_libwebp(pillow: Any, alpha: str, lossless: bool) -> None:
    for number, frames in enumerate(animations.matrix(SIZE, [0, 1], [True, False], alpha)):
        file = animations.webp(SIZE, frames, pillow, lossless)
        compare(file, theirs(pillow, file), f"{alpha} {number}")


@pytest.mark.parametrize("alpha", ["opaque", "binary"])
def test_png_frames_are_those_of_pillow(pillow: Any, alpha: str) -> None:
    # Pillow counts a default image as a frame, blends partial alpha unlike the specification says, and restores too little where the second frame is to be
    # restored: these are compared in tests/image_animations.rs.
    for number, frames in enumerate(animations.matrix(SIZE, [0, 1], [True, False], alpha)):
        if frames[0].pixels.shape[:2] == SIZE[::-1]:
            file = animations.png(SIZE, frames)
            compare(file, theirs(pillow, file), f"{alpha} {number}")


def test_gif_frames_are_those_of_pillow(pillow: Any) -> None:
    for number, frames in enumerate(animations.matrix(SIZE, [0, 1, 2], [True], "binary")):
        file = animations.gif(SIZE, frames)
        compare(file, theirs(pillow, file), str(number))


def test_gif_frames_are_those_of_libvips() -> None:
    vips = pytest.importorskip("pyvips", reason="pyvips is not installed: GIF is not compared with libvips")
    for number, frames in enumerate(animations.matrix(SIZE, [0, 1, 2], [True], "binary")):
        file = animations.gif(SIZE, frames)
        strip = vips.Image.new_from_buffer(file, "", n=-1).numpy()
        compare(file, [strip[top : top + SIZE[1]] for top in range(0, 3 * SIZE[1], SIZE[1])], str(number))
