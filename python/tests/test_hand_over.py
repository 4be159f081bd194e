"""Pixels to and from numpy, Pillow and torch."""

import gc
import io
import sys
from typing import Any

import cog_kit
import pytest
from pictures import PHONE, PICTURES


@pytest.fixture
def numpy() -> Any:
    return pytest.importorskip("numpy", reason="numpy is not installed: sharing memory with it is not tested")


@pytest.fixture
def pillow() -> Any:
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: handing pictures to it is not tested")


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch", reason="torch is not installed: sharing memory with it is not tested")


@pytest.fixture
def picture() -> cog_kit.Prepared:
    return cog_kit.prepare(PHONE, max_side=320, multiple_of=8)


def address(pixels: cog_kit.Pixels | cog_kit.Tensor) -> int:
    found: int = pixels.__array_interface__["data"][0]
    return found


def test_numpy_shares_the_memory(numpy: Any, picture: cog_kit.Prepared) -> None:
    pixels = picture.numpy()
    assert pixels.shape == (240, 320, 3)
    assert pixels.dtype == numpy.uint8
    assert pixels.flags.c_contiguous
    assert not pixels.flags.writeable
    assert pixels.ctypes.data == numpy.asarray(picture).ctypes.data == address(picture)
    expected = picture.tobytes()
    del picture
    gc.collect()
    assert pixels.tobytes() == expected


def test_numpy_takes_tensors_too(numpy: Any, picture: cog_kit.Prepared) -> None:
    tensor = picture.tensor(range=(-1, 1))
    numbers = tensor.numpy()
    assert numbers.shape == tensor.shape == (3, 240, 320)
    assert numbers.dtype == numpy.float32
    assert numbers.ctypes.data == address(tensor)
    numbers[:] = 0.5
    assert tensor.numpy().max() == 0.5
    del tensor
    gc.collect()
    assert numbers.min() == 0.5


def test_dlpack_shares_the_memory(numpy: Any, picture: cog_kit.Prepared) -> None:
    pixels = numpy.from_dlpack(picture)
    assert pixels.ctypes.data == address(picture)
    assert (pixels == picture.numpy()).all()
    tensor = picture.tensor()
    numbers = numpy.from_dlpack(tensor)
    assert numbers.ctypes.data == address(tensor)
    expected = pixels.tobytes()
    del picture, tensor
    gc.collect()
    assert pixels.tobytes() == expected
    assert numbers.max() <= 1


def test_dlpack_says_that_pixels_are_read_only(numpy: Any, picture: cog_kit.Prepared) -> None:
    assert not numpy.from_dlpack(picture).flags.writeable
    assert "dltensor_versioned" in repr(picture.__dlpack__(max_version=(1, 0)))
    assert "dltensor_versioned" not in repr(picture.__dlpack__())


def test_dlpack_capsules_that_nobody_takes_are_freed(picture: cog_kit.Prepared) -> None:
    for _ in range(3):
        picture.__dlpack__()
        picture.__dlpack__(max_version=(1, 1))
        picture.tensor().__dlpack__()
        picture.__arrow_c_array__()
    assert picture.__dlpack_device__() == picture.tensor().__dlpack_device__() == (1, 0)


def test_dlpack_refuses_what_it_has_not(picture: cog_kit.Prepared) -> None:
    with pytest.raises(BufferError, match="on the CPU"):
        picture.__dlpack__(dl_device=(2, 0))
    with pytest.raises(BufferError, match="copy=True"):
        picture.tensor().__dlpack__(copy=True)


@pytest.mark.parametrize("options", [{}, {"range": (-1, 1)}, {"mean": (0.5, 0.4, 0.3), "std": (0.2, 0.3, 0.4)}], ids=str)
def test_tensors_are_what_numpy_makes(numpy: Any, picture: cog_kit.Prepared, options: dict[str, Any]) -> None:
    unit = picture.numpy().astype(numpy.float32) / 255
    if "range" in options:
        unit = unit * 2 - 1
    if "mean" in options:
        unit = (unit - numpy.float32(options["mean"])) / numpy.float32(options["std"])
    for layout, expected in (("HWC", unit), ("CHW", unit.transpose(2, 0, 1))):
        tensor = picture.tensor(layout, **options)  # type: ignore[arg-type]
        assert tensor.layout == layout
        assert numpy.abs(tensor.numpy() - expected).max() < 1e-5


def test_tensor_options_exclude_each_other(picture: cog_kit.Prepared) -> None:
    for options in ({"mean": (0, 0, 0)}, {"range": (0, 1), "mean": (0, 0, 0), "std": (1, 1, 1)}):
        with pytest.raises(ValueError, match="`range`, or `mean` and `std`"):
            picture.tensor(**options)
    with pytest.raises(cog_kit.ImageError, match="chw, hwc"):
        picture.tensor("NCHW")  # type: ignore[arg-type]


@pytest.mark.parametrize(("alpha", "mode"), [("flatten", "RGB"), ("keep", "RGBA")])
def test_pillow_gets_the_same_pixels(pillow: Any, alpha: Any, mode: str) -> None:
    picture = cog_kit.prepare(PICTURES / "disc_rgba.png", alpha=alpha)
    image = picture.pil()
    assert (image.mode, image.size) == (mode, picture.size)
    assert image.tobytes() == picture.tobytes()


def test_pillow_copies_before_it_writes(pillow: Any) -> None:
    picture = cog_kit.prepare(PICTURES / "disc_rgba.png", alpha="keep")
    before = picture.tobytes()
    image = picture.pil()
    image.putpixel((0, 0), (1, 2, 3, 4))
    image.paste((9, 9, 9, 9), (10, 10, 20, 20))
    assert image.getpixel((0, 0)) == (1, 2, 3, 4)
    assert picture.tobytes() == before == picture.pil().tobytes()


def test_pillow_keeps_the_memory_alive(pillow: Any, picture: cog_kit.Prepared) -> None:
    expected, image = picture.tobytes(), picture.pil()
    del picture
    gc.collect()
    assert image.resize((2, 2)).size == (2, 2)
    assert image.tobytes() == expected


def test_older_pillow_gets_a_copy(pillow: Any, picture: cog_kit.Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pillow, "fromarrow", raising=False)
    assert picture.pil().tobytes() == picture.tobytes()


@pytest.mark.parametrize("library", ["numpy", "PIL.Image"])
def test_a_missing_library_is_named(library: str, picture: cog_kit.Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModuleNotFoundError, match=library):
        picture.numpy() if library == "numpy" else picture.pil()


def test_arrays_are_sources(numpy: Any, picture: cog_kit.Prepared) -> None:
    pixels = picture.numpy()
    for source in (pixels, pixels.transpose(2, 0, 1), pixels[::2, ::-1], pixels.astype(numpy.float32) / 255, picture):
        expected = pixels[::2, ::-1] if source.size != picture.size and getattr(source, "shape", None) == (120, 320, 3) else pixels
        assert (cog_kit.prepare(source).numpy() == expected).all()
    grey = pixels[..., 0]
    assert (cog_kit.prepare(grey).numpy() == grey[..., None]).all()


@pytest.mark.parametrize("shape", [(4, 5, 6, 7), (8,), (2, 9, 9, 3), (5, 6, 7), ()])
def test_arrays_of_another_shape_are_refused(numpy: Any, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected \\(H, W\\)"):
        cog_kit.prepare(numpy.zeros(shape, numpy.uint8))


def test_arrays_of_another_type_are_refused(numpy: Any) -> None:
    with pytest.raises(TypeError, match="<i8, expected uint8, bool or float32"):
        cog_kit.prepare(numpy.zeros((4, 4), numpy.int64))


def test_pillow_images_are_sources_and_keep_their_orientation(pillow: Any) -> None:
    expected = cog_kit.prepare(PICTURES / "oriented_6.jpg").tobytes()
    image = pillow.open(PICTURES / "oriented_6.jpg")
    prepared = cog_kit.prepare(image)
    assert prepared.size == (120, 80)
    assert sum(abs(a - b) for a, b in zip(prepared.tobytes(), expected, strict=True)) / len(expected) < 2


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I;16", "I", "F"])
def test_pillow_images_of_every_mode_are_sources(pillow: Any, mode: str) -> None:
    image = pillow.new("L", (16, 8), 255).convert(mode) if mode != "I;16" else pillow.new("I;16", (16, 8), 65_535)
    assert cog_kit.prepare(image).tobytes() == b"\xff" * 16 * 8 * 3


def test_torch_shares_the_memory(torch: Any, picture: cog_kit.Prepared) -> None:
    pixels, tensor = torch.from_dlpack(picture), picture.tensor(range=(-1, 1))
    numbers = torch.from_dlpack(tensor)
    assert (tuple(pixels.shape), pixels.dtype, pixels.data_ptr()) == ((240, 320, 3), torch.uint8, address(picture))
    assert (tuple(numbers.shape), numbers.dtype, numbers.data_ptr()) == ((3, 240, 320), torch.float32, address(tensor))
    expected = picture.tobytes()
    assert cog_kit.prepare(pixels).tobytes() == cog_kit.prepare(pixels.permute(2, 0, 1)).tobytes() == expected
    assert picture.restore(pixels.permute(2, 0, 1)).shape == (3, 1200, 1600)
    assert len(cog_kit.save(torch.stack([numbers, numbers]) / 2 + 0.5)) == 2
    del picture, tensor
    gc.collect()
    assert bytes(pixels.flatten().tolist()) == expected


def test_a_picture_goes_through_a_file_in_memory(pillow: Any, picture: cog_kit.Prepared) -> None:
    file = io.BytesIO()
    picture.pil().save(file, "PNG")
    assert cog_kit.prepare(file.getvalue()).tobytes() == picture.tobytes()
