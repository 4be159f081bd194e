import gc
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

import cog_kit
import pytest

PICTURES = Path(__file__).parents[2] / "tests" / "pictures"
PHONE = PICTURES / "phone.jpg"


def test_a_photo_comes_out_upright_and_snapped() -> None:
    picture = cog_kit.prepare(PHONE, max_side=1024, multiple_of=8)
    assert picture.source_size == (1600, 1200)
    assert picture.size == (1024, 768) == (picture.width, picture.height)
    assert len(picture.tobytes()) == 1024 * 768 * 3
    assert repr(picture) == "<cog_kit.Prepared 1024x768 from JPEG 1600x1200>"


@pytest.mark.parametrize(
    "source",
    [str(PHONE), PHONE, PHONE.read_bytes(), bytearray(PHONE.read_bytes())],
    ids=["str", "Path", "bytes", "bytearray"],
)
def test_every_kind_of_source_gives_the_same_pixels(source: str | Path | bytes | bytearray) -> None:
    expected = cog_kit.prepare(PHONE, max_side=256).tobytes()
    assert cog_kit.prepare(source, max_side=256).tobytes() == expected


@pytest.mark.parametrize("number", range(1, 9))
def test_every_orientation_comes_out_the_same_way_up(number: int) -> None:
    upright = cog_kit.prepare(PICTURES / "oriented_1.jpg")
    picture = cog_kit.prepare(PICTURES / f"oriented_{number}.jpg")
    assert picture.size == upright.size == (120, 80)
    pixels, expected = picture.tobytes(), upright.tobytes()
    assert sum(abs(a - b) for a, b in zip(pixels, expected, strict=True)) / len(expected) < 1.5


@pytest.mark.parametrize(
    "name", ["disc_rgba.png", "disc_rgba.webp", "disc_palette.png", "disc_grey_alpha.png", "disc_animated.gif"]
)
def test_transparent_corners_take_the_background(name: str) -> None:
    assert cog_kit.prepare(PICTURES / name).tobytes()[:3] == b"\xff\xff\xff"
    assert cog_kit.prepare(PICTURES / name, background=(0, 128, 255)).tobytes()[:3] == b"\x00\x80\xff"


def test_numpy_shares_the_memory() -> None:
    numpy = pytest.importorskip("numpy", reason="numpy is not installed: sharing memory with it is not tested")
    picture = cog_kit.prepare(PHONE, max_side=320, multiple_of=8)
    pixels = picture.numpy()
    assert pixels.shape == (240, 320, 3)
    assert pixels.dtype == numpy.uint8
    assert pixels.flags.c_contiguous
    assert pixels.ctypes.data == picture.__array_interface__["data"][0]
    expected = picture.tobytes()
    del picture
    gc.collect()
    assert pixels.tobytes() == expected


def test_numpy_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ModuleNotFoundError, match="numpy"):
        cog_kit.prepare(PHONE, max_side=64).numpy()


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
    with pytest.raises(TypeError, match=r"expected|found int"):
        cog_kit.prepare(42)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options", [{"multiple_of": 0}, {"max_side": 0}, {"max_side": -5}, {"background": (0, 0, 256)}]
)
def test_an_option_out_of_range_is_a_value_error(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="found"):
        cog_kit.prepare(PHONE, **options)  # type: ignore[arg-type]


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
