import io
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cog_kit
import pytest
from pictures import PHONE, PICTURES


def test_a_photo_comes_out_upright_and_snapped() -> None:
    picture = cog_kit.prepare(PHONE, max_side=1024, multiple_of=8)
    assert picture.source_size == (1600, 1200)
    assert picture.size == (1024, 768) == (picture.width, picture.height)
    assert len(picture.tobytes()) == 1024 * 768 * 3
    assert repr(picture) == "<cog_kit.Prepared 1024x768 from JPEG 1600x1200>"


@pytest.mark.parametrize(
    "source",
    [str(PHONE), PHONE, PHONE.read_bytes(), bytearray(PHONE.read_bytes()), memoryview(PHONE.read_bytes())],
    ids=["str", "Path", "bytes", "bytearray", "memoryview"],
)
def test_every_kind_of_file_gives_the_same_pixels(source: str | Path | bytes | bytearray | memoryview) -> None:
    expected = cog_kit.prepare(PHONE, max_side=256).tobytes()
    assert cog_kit.prepare(source, max_side=256).tobytes() == expected


def test_open_files_are_read_where_they_stand() -> None:
    expected = cog_kit.prepare(PHONE, max_side=256).tobytes()
    with PHONE.open("rb") as file:
        assert cog_kit.prepare(file, max_side=256).tobytes() == expected
    file_in_memory = io.BytesIO(b"skipped" + PHONE.read_bytes())
    file_in_memory.seek(7)
    assert cog_kit.prepare(file_in_memory, max_side=256).tobytes() == expected
    with PHONE.open() as text, pytest.raises(TypeError, match="open as text"):
        cog_kit.prepare(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({}, (1600, 1200)),
        ({"size": (300, 300)}, (300, 300)),
        ({"size": (300, 300), "fit": "inside"}, (300, 225)),
        ({"size": (300, 300), "fit": "outside"}, (400, 300)),
        ({"size": (300, 300), "fit": "contain"}, (300, 300)),
        ({"size": (3200, 3200), "fit": "inside"}, (1600, 1200)),
        ({"size": (3200, 3200), "fit": "inside", "upscale": "allowed"}, (3200, 2400)),
        ({"max_side": None, "max_pixels": 480_000}, (800, 600)),
        ({"max_side": 500, "multiple_of": 64, "snap": "down"}, (448, 320)),
        ({"max_side": 500, "multiple_of": 64, "snap": "pad"}, (448, 384)),
    ],
)
def test_options_say_the_size(options: dict[str, Any], size: tuple[int, int]) -> None:
    assert cog_kit.prepare(PHONE, **options).size == size


def test_megapixels_are_of_1024_by_1024() -> None:
    width, height = cog_kit.prepare(PHONE, megapixels=0.25).size
    assert 0.99 < width * height / (512 * 512) <= 1


def test_alpha_is_flattened_kept_or_split() -> None:
    disc = PICTURES / "disc_rgba.png"
    kept = cog_kit.prepare(disc, alpha="keep")
    assert len(kept.tobytes()) == 64 * 48 * 4
    assert kept.tobytes()[3] == 0
    split = cog_kit.prepare(disc, alpha="split")
    assert split.alpha is not None
    assert split.alpha.tobytes() == kept.tobytes()[3::4]
    assert cog_kit.prepare(disc).alpha is None


@pytest.mark.parametrize("background", [(255, 0, 0), "red", "#f00", "#FF0000"])
def test_a_background_is_a_triple_or_a_word(background: str | tuple[int, int, int]) -> None:
    assert cog_kit.prepare(PICTURES / "disc_rgba.png", background=background).tobytes()[:3] == b"\xff\x00\x00"


def test_a_file_that_ends_early_can_be_kept() -> None:
    picture = cog_kit.prepare(PICTURES / "truncated.jpg", truncated="keep")
    assert picture.size == (120, 80)
    assert picture.info.warnings == ["truncated"]


def test_info_says_what_the_header_says() -> None:
    info = cog_kit.info(PHONE)
    assert (info.format, info.size, info.stored_size, info.orientation) == ("JPEG", (1600, 1200), (1200, 1600), 6)
    assert (info.bit_depth, info.has_alpha, info.frames, info.profile, info.warnings) == (8, False, 1, None, [])


def test_limits_hold() -> None:
    limits = cog_kit.Limits(max_pixels=1_000_000)
    assert (limits.max_bytes, limits.max_side, limits.max_pixels, limits.max_memory) == (256 << 20, 65_535, 1_000_000, 1 << 30)
    assert "max_memory=1073741824" in repr(limits)
    for narrow, code in (
        (limits, "image.too_many_pixels"),
        (cog_kit.Limits(max_side=1000), "image.too_long_side"),
        (cog_kit.Limits(max_bytes=1000), "image.too_many_bytes"),
        (cog_kit.Limits(max_memory=1_000_000), "image.too_much_memory"),
    ):
        for source in (PHONE, PHONE.read_bytes(), io.BytesIO(PHONE.read_bytes())):
            with pytest.raises(cog_kit.ImageError) as caught:
                cog_kit.prepare(source, limits=narrow)
            assert caught.value.code == code


@pytest.mark.parametrize("number", range(1, 9))
def test_every_orientation_comes_out_the_same_way_up(number: int) -> None:
    upright = cog_kit.prepare(PICTURES / "oriented_1.jpg")
    picture = cog_kit.prepare(PICTURES / f"oriented_{number}.jpg")
    assert picture.size == upright.size == (120, 80)
    pixels, expected = picture.tobytes(), upright.tobytes()
    assert sum(abs(a - b) for a, b in zip(pixels, expected, strict=True)) / len(expected) < 1.5


@pytest.mark.parametrize("name", ["disc_rgba.png", "disc_rgba.webp", "disc_palette.png", "disc_grey_alpha.png", "disc_animated.gif"])
def test_transparent_corners_take_the_background(name: str) -> None:
    assert cog_kit.prepare(PICTURES / name).tobytes()[:3] == b"\xff\xff\xff"
    assert cog_kit.prepare(PICTURES / name, background=(0, 128, 255)).tobytes()[:3] == b"\x00\x80\xff"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"hello, I am text", "image.unknown_format"),
        (b"", "image.unknown_format"),
        ((PICTURES / "bomb.jpg").read_bytes(), "image.too_many_pixels"),
        ((PICTURES / "truncated.jpg").read_bytes(), "image.truncated"),
    ],
    ids=["text", "nothing", "bomb", "truncated"],
)
def test_what_is_no_good_picture_raises_with_a_code(source: bytes, code: str) -> None:
    with pytest.raises(cog_kit.ImageError) as caught:
        cog_kit.prepare(source)
    assert caught.value.code == code
    assert isinstance(caught.value, cog_kit.CogKitError)
    assert isinstance(caught.value, ValueError)


def test_a_missing_file_stays_file_not_found() -> None:
    with pytest.raises(FileNotFoundError) as caught:
        cog_kit.prepare("no/such/picture.jpg")
    assert caught.value.filename == "no/such/picture.jpg"


def test_another_kind_of_source_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"found int, expected a picture as str, os\.PathLike, bytes"):
        cog_kit.prepare(42)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options",
    [
        {"multiple_of": 0},
        {"max_side": 0},
        {"max_side": -5},
        {"max_pixels": 0},
        {"max_pixels": 5, "megapixels": 1.0},
        {"background": (0, 0, 256)},
        {"background": "transparent"},
        {"size": (0, 4)},
        {"fit": "crop"},
        {"snap": "round"},
        {"upscale": "yes"},
        {"filter": "sharp"},
        {"quality": "best"},
        {"alpha": "drop"},
        {"truncated": "ignore"},
        {"ready_for": "torch"},
        {"threads": 0},
    ],
    ids=str,
)
def test_an_option_out_of_range_is_a_value_error(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="found"):
        cog_kit.prepare(PHONE, **options)


def test_an_unknown_option_or_one_of_a_wrong_type_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="unknown option `maxside`, expected one of size, fit, max_side"):
        cog_kit.prepare(PHONE, maxside=64)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        cog_kit.prepare(PHONE, max_side="64")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        cog_kit.prepare(PHONE, 64)  # type: ignore[call-arg, arg-type]


def test_any_number_of_threads_makes_the_same_pixels() -> None:
    one = cog_kit.prepare(PHONE, max_side=200, threads=1).tobytes()
    assert all(cog_kit.prepare(PHONE, max_side=200, threads=threads).tobytes() == one for threads in (None, 2, 5, 2**62))


def test_other_threads_run_while_a_picture_is_prepared() -> None:
    ticks, done = 0, threading.Event()

    def work() -> None:
        for _ in range(20):
            cog_kit.prepare(PHONE, max_side=512)
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    while not done.is_set():
        ticks += 1
        time.sleep(0)
    worker.join()
    assert ticks > 100


def test_the_version_is_the_package_version() -> None:
    assert cog_kit.__version__ == version("cog-kit")
