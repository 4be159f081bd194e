"""TIFF in every form that the tests of the kit have, and some that Pillow and libvips write: the pixels that these two read."""

import contextlib
import io
from pathlib import Path
from typing import Any

import cog_kit
import pytest
from pictures import PICTURES
from test_references import MANAGED, SAME, decibels, from_vips, over_white

numpy = pytest.importorskip("numpy", reason="numpy is not installed: pixels are not compared with other decoders")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: pixels are not compared with its own")
ImageCms = pytest.importorskip("PIL.ImageCms")

FORMS = sorted((PICTURES / "tiff").glob("*.tif"))

# Forms that neither reads as they are meant, and why; `tests/image_tiff.rs` knows their pixels.
ALONE = {
    "case_int16.tif": "Pillow makes negative samples black, libvips reads them as positive",
    "double_differences.tif": "neither reads floats of 64 bits",
    "fax_runs_in_words.tif": "libtiff loses its place",
    "half_differences.tif": "white is 255 for libvips, and 1 for us where no sample is larger",
    "old_jpeg_untagged.tif": "Pillow asks for tags that old-style JPEG leaves out",
    "single_differences.tif": "white is 255 for both, and 1 for us where no sample is larger",
}

# Where both agree less, the least in dB: libtiff repeats the samples of chroma in old-style JPEG, we interpolate them.
LESS = {f"old_jpeg_{form}_420.tif": 36.0 for form in ("file", "scan", "tables")}


def from_pillow(file: Any) -> Any:
    image = Image.open(file)
    image.load()
    if image.mode == "LAB":
        profiles = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        image = ImageCms.profileToProfile(image, *profiles, outputMode="RGB")
    return over_white(image.convert("RGBA" if image.has_transparency_data else "RGB"))


def peers(file: bytes) -> list[Any]:
    """What Pillow and libvips make of a file, as far as they read it."""
    found = []
    with contextlib.suppress(OSError, ValueError):
        found.append(from_pillow(io.BytesIO(file)))
    vips = pytest.importorskip("pyvips", reason="pyvips is not installed: TIFF is not compared with libvips")
    with contextlib.suppress(vips.Error):
        found.append(from_vips(vips.Image.new_from_buffer(file, "", fail_on="error")))
    return found


def check(file: bytes, least: float) -> None:
    ours = cog_kit.prepare(file).numpy()
    agreement = [decibels(ours, theirs) for theirs in peers(file) if theirs.shape == ours.shape]
    assert agreement
    assert max(agreement) >= least, agreement


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_forms_are_read_as_pillow_or_libvips_reads_them(path: Path) -> None:
    if path.name in ALONE:
        assert cog_kit.prepare(path).size == ((97, 61) if path.name == "case_int16.tif" else (24, 16))
    else:
        check(path.read_bytes(), LESS.get(path.name, SAME))


def gradient() -> Any:
    y, x = numpy.mgrid[0:40, 0:60]
    return numpy.stack([4 * x, 6 * y, 2 * x + 3 * y, numpy.where(x < 30, 255, 5 * y)], axis=2).clip(0, 255).astype(numpy.uint8)


COMPRESSIONS = ["raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "zstd", "lzma", "jpeg"]


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "I;16"])
def test_what_pillow_writes_is_read_as_it_reads_it(mode: str, compression: str) -> None:
    image = Image.fromarray(gradient())
    if mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        image = ImageCms.profileToProfile(image.convert("RGB"), *profiles, outputMode="LAB")
    elif mode == "I;16":
        image = Image.fromarray(gradient()[..., 0].astype(numpy.uint16) * 257)
    else:
        image = image.convert("RGB").convert(mode) if mode in ("CMYK", "YCbCr", "P", "1", "RGBX") else image.convert(mode)
    file = io.BytesIO()
    try:
        image.save(file, "TIFF", compression=compression, **({"quality": 95} if compression == "jpeg" else {}))
    except (OSError, ValueError, KeyError):
        pytest.skip(f"Pillow does not write {mode} with {compression}")
    if (mode, compression) == ("LA", "jpeg"):
        # JPEG of two components is refused, in TIFF as elsewhere.
        with pytest.raises(cog_kit.CogKitError, match="found 2"):
            cog_kit.prepare(file.getvalue())
        return
    expected = over_white(Image.fromarray(gradient()[..., 0]).convert("RGB")) if mode == "I;16" else from_pillow(file)
    # Between L*a*b* and its pixels stand two color engines.
    least = MANAGED if mode == "LAB" else SAME
    assert decibels(cog_kit.prepare(file.getvalue()).numpy(), expected) >= least


@pytest.mark.parametrize("tile", [False, True])
@pytest.mark.parametrize("compression", ["none", "lzw", "deflate", "packbits", "jpeg", "webp"])
def test_what_libvips_writes_is_read_as_it_reads_it(compression: str, tile: bool) -> None:
    vips = pytest.importorskip("pyvips", reason="pyvips is not installed: TIFF is not compared with libvips")
    bands = gradient()[..., :3] if compression == "jpeg" else gradient()
    image = vips.Image.new_from_array(numpy.ascontiguousarray(bands)).copy(interpretation="srgb")
    file = image.tiffsave_buffer(compression=compression, tile=tile, tile_width=32, tile_height=16, Q=95, lossless=True)
    expected = from_vips(vips.Image.new_from_buffer(file, ""))
    assert decibels(cog_kit.prepare(file).numpy(), expected) >= SAME


def test_camera_raw_is_named_with_the_size_of_its_preview() -> None:
    start = b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0"
    for read in (cog_kit.info, cog_kit.prepare):
        with pytest.raises(cog_kit.CogKitError, match="a Canon CR2 camera raw file without a preview") as caught:
            read(start + bytes(60))
        assert caught.value.code == "image.unknown_format"
