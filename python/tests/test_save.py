"""Images saved to files, beside what Pillow makes of them."""

import io
from pathlib import Path
from typing import Any

import cog_kit
import pytest
from pictures import PHONE, PICTURES

numpy = pytest.importorskip("numpy", reason="numpy is not installed: saved images are not compared")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: saved images are not compared with its own")

WRONG_QUALITIES = [-1, 101, 2**40, -(2**70), 85.0, float("nan"), float("inf"), True, False, "90", [90]]


@pytest.fixture(scope="module")
def photo() -> Any:
    return cog_kit.prepare(PICTURES / "sign.jpg").pil()


def pillow_size(image: Any, form: str, **options: Any) -> int:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.tell()


def ssim(a: Any, b: Any) -> float:
    """Mean structural similarity over windows of 8 by 8, red, green and blue apart (Wang et al., 2004)."""
    a, b = (numpy.asarray(image.convert("RGB"), dtype=numpy.float64) for image in (a, b))

    def mean(values: Any) -> Any:
        total = numpy.pad(values.cumsum(0).cumsum(1), ((1, 0), (1, 0), (0, 0)))
        return (total[8:, 8:] - total[:-8, 8:] - total[8:, :-8] + total[:-8, :-8]) / 64

    mean_a, mean_b = mean(a), mean(b)
    variance_a, variance_b, covariance = mean(a * a) - mean_a**2, mean(b * b) - mean_b**2, mean(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    similar = ((2 * mean_a * mean_b + c1) * (2 * covariance + c2)) / ((mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2))
    return float(similar.mean())


@pytest.mark.parametrize("columns", [True, False])
def test_chroma_is_averaged(columns: bool) -> None:
    image = numpy.zeros((64, 64, 3), numpy.uint8)
    image[:] = (220, 40, 40)
    (image[:, 1::2] if columns else image[1::2])[:] = (40, 40, 220)
    saved = numpy.asarray(Image.open(cog_kit.save(image, format="jpg"))).mean(axis=(0, 1))
    assert numpy.abs(saved - (130, 40, 130)).max() < 2.5


@pytest.mark.parametrize("quality", [75, 90, 95])
def test_jpeg_takes_no_more_bytes_than_pillows_for_the_same_similarity(photo: Any, quality: int) -> None:
    own = cog_kit.save(photo, format="jpg", quality=quality)
    wanted, size = ssim(Image.open(own), photo), own.stat().st_size
    # Pillow's files, with the same subsampling, up to the first that is as similar.
    for step in range(quality - 10, 101):
        file = io.BytesIO()
        photo.save(file, "JPEG", quality=step, subsampling="4:4:4" if quality >= 95 else "4:2:0")
        if ssim(Image.open(file), photo) >= wanted - 1e-4:
            assert size <= file.tell(), f"{size} bytes for {file.tell()} at Pillow's {step}"
            return
    pytest.fail("Pillow's files are never as similar")


@pytest.mark.parametrize(("quality", "subsampling", "layer"), [(90, None, (2, 2)), (95, None, (1, 1)), (90, "4:4:4", (1, 1)), (97, "4:2:2", (2, 1))])
def test_subsampling_is_an_option(photo: Any, quality: int, subsampling: Any, layer: tuple[int, int]) -> None:
    with Image.open(cog_kit.save(photo, format="jpg", quality=quality, subsampling=subsampling)) as saved:
        assert saved.layer[0][1:3] == layer


@pytest.mark.parametrize("wrong", ["4:1:1", "", 420, 4.2, True])
def test_unknown_subsampling_is_named(photo: Any, wrong: Any) -> None:
    with pytest.raises(cog_kit.ImageError, match=r"found subsampling .*, expected one of 4:4:4, 4:2:2, 4:2:0"):
        cog_kit.save(photo, format="jpg", subsampling=wrong)


@pytest.mark.parametrize("wrong", WRONG_QUALITIES, ids=repr)
@pytest.mark.parametrize("form", ["jpg", "png", "webp"])
def test_a_quality_out_of_range_is_named(photo: Any, form: str, wrong: Any) -> None:
    with pytest.raises(cog_kit.ImageError) as caught:
        cog_kit.save(photo, format=form, quality=wrong)
    assert caught.value.code == "image.quality_range"
    assert str(caught.value).startswith(f"`quality` must be a whole number from 0 to 100, found {wrong!r}"[:80])


@pytest.mark.parametrize("quality", [0, 100, numpy.int64(50), numpy.uint8(7)], ids=repr)
def test_a_quality_within_range_is_taken(photo: Any, quality: Any) -> None:
    assert cog_kit.save(photo.crop((0, 0, 20, 20)), format="jpg", quality=quality).exists()


@pytest.mark.parametrize("scale", [(0, 0), (float("nan"), 1), (0, float("inf"))])
def test_a_range_that_means_nothing_is_named(scale: Any) -> None:
    with pytest.raises(cog_kit.ImageError, match="`range`"):
        cog_kit.save(numpy.zeros((4, 4), numpy.float32), range=scale)


def drawings(photo: Any) -> dict[str, Any]:
    y, x = numpy.mgrid[0:400, 0:600]
    disc = (x - 300) ** 2 + (y - 200) ** 2 < 150**2
    rng = numpy.random.default_rng(3)
    soft = (numpy.clip(180 - numpy.hypot(x - 300, y - 200), 0, 51) * 5).astype(numpy.uint8)
    colors = numpy.array([[0, 0, 0], [220, 20, 60], [0, 130, 180], [250, 250, 20]], numpy.uint8)
    rgba = numpy.dstack([numpy.asarray(photo.crop((0, 0, 600, 400))), soft])
    return {
        "photo": photo,
        "gray photo": photo.convert("L"),
        "gray photo as RGB": photo.convert("L").convert("RGB"),
        "mask": Image.fromarray(disc.astype(numpy.uint8) * 255),
        "mask as RGB": Image.fromarray(disc.astype(numpy.uint8) * 255).convert("RGB"),
        "noisy mask": Image.fromarray(((disc ^ (rng.random(disc.shape) < 0.02)) * 255).astype(numpy.uint8)),
        "two colors": Image.fromarray(disc),
        "labels": Image.fromarray(disc.astype(numpy.uint8) * 3 + (x // 100).astype(numpy.uint8)),
        "palette": Image.fromarray(colors[(disc * 2 + (x + y > 500)).astype(int)]),
        "soft mask": Image.fromarray(soft),
        "cut-out": Image.fromarray(rgba),
        "opaque": photo.convert("RGBA"),
        "gradient": Image.fromarray(numpy.dstack([x * 255 // 600, y * 255 // 400, (x + y) // 4]).astype(numpy.uint8)),
        "noise": Image.fromarray(rng.integers(0, 256, (100, 100, 3)).astype(numpy.uint8)),
        "few pixels": photo.crop((300, 300, 303, 302)),
    }


def test_png_is_lossless_and_photos_and_masks_are_no_larger_than_pillows(photo: Any) -> None:
    for name, image in drawings(photo).items():
        path = cog_kit.save(image, format="png")
        with Image.open(path) as saved:
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            assert saved.convert(mode).tobytes() == image.convert(mode).tobytes(), name
            if image.mode == "L":
                # A mask or labels that are read as an array have the samples that were saved.
                assert numpy.array_equal(numpy.asarray(saved), numpy.asarray(image)), name
        # Compressed several times as fast as by zlib, what is not a photo, a mask or labels may take a little more.
        room = 1.04 if name in ("gray photo", "cut-out", "gradient") else 1
        most = pillow_size(image, "PNG") * room + (16 if name == "few pixels" else 0)
        assert path.stat().st_size <= most, f"{name}: {path.stat().st_size} for {most}"


def test_gray_stays_gray_in_jpeg() -> None:
    gray = Image.open(PICTURES / "grey.jpg").convert("L")
    with Image.open(cog_kit.save(gray, format="jpg")) as saved:
        assert saved.mode == "L"


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "I"])
def test_gray_of_16_bits_is_scaled(mode: str) -> None:
    values = (numpy.arange(64 * 64).reshape(64, 64) * 16).astype(numpy.uint16)
    expected = ((values.astype(numpy.int64) * 255 + 32767) // 65535).astype(numpy.uint8)
    image = Image.fromarray({"I;16": values, "I;16B": values.astype(">u2"), "I": values.astype(numpy.int32)}[mode])
    assert image.mode == mode
    prepared = cog_kit.prepare(image)
    assert numpy.array_equal(prepared.numpy()[..., 0], expected)
    assert numpy.array_equal(numpy.asarray(Image.open(cog_kit.save(image, format="png"))), expected)
    assert cog_kit.mask(image, like=prepared).tobytes() == expected.tobytes()
    assert prepared.restore(image).tobytes() == expected.tobytes()


def test_floats_are_scaled_by_their_range_or_refused() -> None:
    values = (numpy.arange(64 * 64).reshape(64, 64) * 16).astype(numpy.float32)
    unit = Image.fromarray(values / 65535)
    expected = numpy.round(values / 257).astype(numpy.uint8)
    assert numpy.abs(numpy.asarray(Image.open(cog_kit.save(unit, format="png"))).astype(int) - expected).max() <= 1
    assert len(numpy.unique(cog_kit.prepare(unit).numpy())) == 256
    wide = Image.fromarray(values)
    assert len(numpy.unique(numpy.asarray(Image.open(cog_kit.save(wide, format="png", range=(0, 65535)))))) == 256
    for image in (wide, values, values - 70000, numpy.full((4, 4), numpy.nan, numpy.float32)):
        with pytest.raises(cog_kit.ImageError, match="`range`, 0 to 1") as caught:
            cog_kit.save(image)
        assert caught.value.code == "image.sample_range"
    with pytest.raises(cog_kit.ImageError, match="from 0 to 65520"):
        cog_kit.prepare(wide)
    # What a model leaves a little outside is clipped.
    assert cog_kit.save(numpy.array([[-0.1, 1.2]], numpy.float32), format="png").exists()
    for least, most in ((-5, 3), (0, 70000)):
        with pytest.raises(cog_kit.ImageError, match=f"from {least} to {most}, expected 0 to 65535"):
            cog_kit.prepare(Image.fromarray(numpy.array([[least, most]], numpy.int32)))


def profile_of(colors: str) -> bytes:
    cms = pytest.importorskip("PIL.ImageCms", reason="Pillow has no color management: profiles are not tested")
    profile = bytearray(cms.ImageCmsProfile(cms.createProfile("sRGB")).tobytes())
    profile[16:20] = colors.encode()
    return bytes(profile)


@pytest.mark.parametrize("form", ["jpg", "png", "webp"])
def test_profiles_that_do_not_fit_are_refused(form: str) -> None:
    color = numpy.full((8, 8, 3), 90, numpy.uint8)
    for wrong in (profile_of("CMYK"), profile_of("Lab "), b"garbage", b"", bytes(5 << 20), profile_of("RGB ")[:100]):
        with pytest.raises(cog_kit.ImageError, match="`icc_profile`: found") as caught:
            cog_kit.save(color, format=form, icc_profile=wrong)
        assert caught.value.code == "image.unfit_profile"


@pytest.mark.parametrize("form", ["jpg", "png", "webp"])
def test_the_profile_of_an_image_is_kept_where_it_fits(form: str) -> None:
    image = Image.new("RGB", (8, 8), (200, 30, 40))
    profile = image.info["icc_profile"] = profile_of("RGB ")
    assert Image.open(cog_kit.save(image, format=form)).info["icc_profile"] == profile
    gray = image.convert("L")
    gray.info["icc_profile"] = profile
    with Image.open(cog_kit.save(gray, format=form)) as saved:
        assert saved.info["icc_profile"] == profile
        assert saved.mode != "L"
    image.info["icc_profile"] = profile_of("CMYK")
    assert "icc_profile" not in Image.open(cog_kit.save(image, format=form)).info


def test_sides_that_are_too_long_for_jpeg_are_refused() -> None:
    with pytest.raises(cog_kit.ImageError, match="found 65501x1 pixels, expected at most 65500 a side for JPEG"):
        cog_kit.save(numpy.zeros((1, 65501), numpy.uint8), format="jpg")


@pytest.mark.parametrize("wrong", [2**70, -(2**70), 1.5, True, "9", float("nan")], ids=repr)
@pytest.mark.parametrize("name", ["max_side", "max_pixels", "multiple_of"])
def test_whole_numbers_are_named_where_they_are_none(name: str, wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=f"`{name}` must be .*found"):
        cog_kit.prepare(PHONE, **{name: wrong})


def test_a_saved_file_is_a_path(photo: Any, tmp_path: Path) -> None:
    assert cog_kit.save(photo, format="jpg", folder=tmp_path) == tmp_path / "output.jpg"
