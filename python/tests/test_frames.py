"""The frames of animations."""

import io
from typing import Any

import cog_kit
import pytest
from pictures import PHONE


@pytest.fixture
def clip() -> bytes:
    """A GIF of ten frames, 20 ms to 200 ms, each brighter than the one before."""
    pillow: Any = pytest.importorskip("PIL.Image", reason="Pillow is not installed: no animation to test with")
    pictures = [pillow.new("RGB", (64, 48), (number * 25,) * 3) for number in range(10)]
    file = io.BytesIO()
    durations = [20 * number for number in range(1, 11)]
    pictures[0].save(file, "GIF", save_all=True, append_images=pictures[1:], duration=durations)
    return file.getvalue()


def test_all_frames_are_prepared_alike(clip: bytes) -> None:
    frames = cog_kit.frames(clip, max_side=32, multiple_of=8)
    assert [frame.size for frame in frames] == [(32, 24)] * 10
    assert [frame.index for frame in frames] == list(range(10))
    assert [round(frame.duration * 1000) for frame in frames] == [20 * number for number in range(1, 11)]
    assert [abs(frame.tobytes()[0] - number * 25) < 4 for number, frame in enumerate(frames)] == [True] * 10


@pytest.mark.parametrize(
    ("options", "indices"),
    [({"count": 1}, [0]), ({"count": 4}, [0, 3, 6, 9]), ({"count": 99}, list(range(10))), ({"every": 4}, [0, 4, 8])],
)
def test_frames_are_chosen(clip: bytes, options: dict[str, Any], indices: list[int]) -> None:
    assert [frame.index for frame in cog_kit.frames(clip, **options)] == indices


def test_a_still_picture_is_one_frame() -> None:
    (frame,) = cog_kit.frames(PHONE, count=8, max_side=64)
    assert (frame.size, frame.index, frame.duration) == ((64, 48), 0, 0)


def test_frames_are_held_against_limits(clip: bytes) -> None:
    for limits, code in (
        (cog_kit.Limits(max_frames=9), "image.too_many_frames"),
        (cog_kit.Limits(max_total_pixels=64 * 48 * 9), "image.too_many_total_pixels"),
    ):
        with pytest.raises(cog_kit.ImageError) as caught:
            cog_kit.frames(clip, limits=limits)
        assert caught.value.code == code
    for wrong in ({"count": 0}, {"every": -1}, {"count": 2, "every": 2}):
        with pytest.raises(ValueError, match="found"):
            cog_kit.frames(clip, **wrong)  # type: ignore[arg-type]
