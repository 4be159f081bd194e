"""What a model made: back to the original, into files; and what it needs: masks, sizes, seeds."""

from pathlib import Path
from typing import Any

import cog_kit
import pytest
from pictures import PHONE, PICTURES


@pytest.fixture
def numpy() -> Any:
    return pytest.importorskip("numpy", reason="numpy is not installed: results in arrays are not tested")


@pytest.fixture
def pillow() -> Any:
    return pytest.importorskip("PIL.Image", reason="Pillow is not installed: results in its images are not tested")


@pytest.fixture
def picture() -> cog_kit.Prepared:
    return cog_kit.prepare(PHONE, size=(256, 256), fit="contain")


def test_results_come_back_as_what_they_are(numpy: Any, pillow: Any, picture: cog_kit.Prepared) -> None:
    assert picture.restore(picture).size == (1600, 1200)
    assert picture.restore(picture.numpy()).shape == (1200, 1600, 3)
    assert picture.restore(picture.numpy()[..., 0]).shape == (1200, 1600)
    assert picture.restore(picture.numpy().transpose(2, 0, 1)).shape == (3, 1200, 1600)
    restored = picture.restore(picture.pil())
    assert (restored.mode, restored.size) == ("RGB", (1600, 1200))
    assert picture.restore(picture, enlarged=2).size == (3200, 2400)
    assert picture.restore(picture, way_up="stored").size == (1200, 1600)


def test_restoring_undoes_padding(numpy: Any, picture: cog_kit.Prepared) -> None:
    original = cog_kit.prepare(PHONE).numpy().astype(int)
    assert numpy.abs(picture.restore(picture.numpy()) - original).mean() < 8


def test_masks_stay_hard(numpy: Any, picture: cog_kit.Prepared) -> None:
    labels = (numpy.arange(256 * 256, dtype=numpy.uint32) % 7).astype(numpy.uint8).reshape(256, 256)
    assert set(numpy.unique(picture.restore(labels, kind="mask"))) <= set(range(7))
    flags = picture.restore(labels > 3)
    assert (flags.dtype, flags.shape) == (bool, (1200, 1600))


def test_what_was_cut_off_stays_with_over() -> None:
    cut = cog_kit.prepare(PHONE, size=(256, 256))
    whole = cut.restore(cut, over=PHONE)
    original = cog_kit.prepare(PHONE).tobytes()
    # The outer columns of a landscape were cut off.
    assert whole.tobytes()[:300] == original[:300]
    assert cut.restore(cut).tobytes()[:300] == b"\xff" * 300


def test_results_of_another_kind_are_refused(numpy: Any, picture: cog_kit.Prepared) -> None:
    with pytest.raises(TypeError, match=r"found int, expected cog_kit\.Pixels"):
        picture.restore(3)  # type: ignore[type-var]
    with pytest.raises(TypeError, match="float32, expected uint8 or bool"):
        picture.restore(numpy.zeros((4, 4), numpy.float32))
    with pytest.raises(ValueError, match="found kind `labels`"):
        picture.restore(picture, kind="labels")  # type: ignore[arg-type]
    with pytest.raises(cog_kit.ImageError, match="upright, stored"):
        picture.restore(picture, way_up="exif")  # type: ignore[arg-type]


def test_boxes_and_points_lie_on_the_original(picture: cog_kit.Prepared) -> None:
    # 256 across show 1600, in the middle of a square: 32 rows of padding above and below.
    assert picture.restore_points([(0, 32), (256, 224), (128, 128)]) == [(0, 0), (1600, 1200), (800, 600)]
    assert picture.restore_boxes([(0, 32, 256, 224)]) == [(0, 0, 1600, 1200)]
    assert picture.restore_boxes([(0, 0, 128, 128)]) == [(0, -200, 800, 600)]
    assert picture.restore_boxes([(0, 0, 128, 128)], outside="clip") == [(0, 0, 800, 600)]
    assert picture.restore_boxes([(0, 0, 64, 64)], measured_on=(128, 128), outside="clip") == [(0, 0, 800, 600)]
    assert picture.restore_points([]) == picture.restore_boxes([]) == []
    with pytest.raises(TypeError, match="rows of 4 numbers"):
        picture.restore_boxes([(1, 2, 3)])


def test_boxes_in_arrays_come_back_in_arrays(numpy: Any, picture: cog_kit.Prepared) -> None:
    boxes = picture.restore_boxes(numpy.array([[0, 32, 256, 224]], numpy.float32))
    assert (boxes.dtype, boxes.tolist()) == (numpy.float64, [[0, 0, 1600, 1200]])
    assert picture.restore_boxes(numpy.zeros((0, 4))).shape == (0, 4)


def test_masks_lie_on_their_picture() -> None:
    disc = PICTURES / "disc_rgba.png"
    picture = cog_kit.prepare(disc, size=(100, 100), fit="contain")
    mask = cog_kit.mask(disc, like=picture, channel="alpha", threshold=128)
    assert mask.size == picture.size
    assert set(mask.tobytes()) == {0, 255}
    assert mask.tobytes()[50 * 100 + 50] == 255
    inverted = cog_kit.mask(disc, like=picture, channel="alpha", threshold=128, invert=True)
    assert inverted.tobytes()[50 * 100 + 50] == 0
    # Padding is never painted.
    assert inverted.tobytes()[:100] == bytes(100)
    for wrong in ({"threshold": 256}, {"channel": "red"}, {"filter": "lanczos3"}, {"orientation": "exif"}):
        with pytest.raises(ValueError, match="found"):
            cog_kit.mask(disc, like=picture, **wrong)
    with pytest.raises(cog_kit.ImageError) as caught:
        cog_kit.mask(PICTURES / "oriented_6.jpg", like=cog_kit.prepare(PHONE, size=(64, 640)), orientation="picture")
    assert caught.value.code == "image.mask_shape"


@pytest.mark.parametrize(("format", "starts"), [("webp", b"RIFF"), ("jpg", b"\xff\xd8"), ("png", b"\x89PNG")])
def test_saving_writes_new_files(picture: cog_kit.Prepared, tmp_path: Path, format: str, starts: bytes) -> None:  # noqa: A002
    first, second = (cog_kit.save(picture, format=format, folder=tmp_path) for _ in range(2))
    assert (first, second) == (tmp_path / f"output.{format}", tmp_path / f"output-1.{format}")
    assert first.read_bytes().startswith(starts)
    assert cog_kit.prepare(first).size == picture.size
    many = cog_kit.save([picture, picture], format=format, stem="picture")
    assert [path.name for path in many] == [f"picture.{format}", f"picture-1.{format}"]
    assert cog_kit.save(picture).parent != cog_kit.save(picture).parent


def test_saving_takes_whatever_holds_pixels(numpy: Any, pillow: Any, picture: cog_kit.Prepared) -> None:
    pixels = picture.numpy()
    unit = pixels.astype(numpy.float32) / 255
    images = [
        picture,
        picture.pil(),
        pixels,
        pixels.transpose(2, 0, 1),
        unit,
        picture.pil().convert("P", palette=0, colors=4).convert("RGB"),
    ]
    paths = cog_kit.save(images, format="png")
    expected = cog_kit.prepare(paths[0]).tobytes()
    assert [cog_kit.prepare(path).tobytes() == expected for path in paths] == [True] * 5 + [False]
    signed = cog_kit.save(unit * 2 - 1, format="png", range=(-1, 1))
    assert cog_kit.prepare(signed).tobytes() == expected
    assert len(cog_kit.save(numpy.stack([pixels, pixels]))) == len(cog_kit.save(image for image in (pixels, pixels))) == 2
    assert cog_kit.save([]) == []


def test_saving_refuses_what_it_cannot_write(picture: cog_kit.Prepared, tmp_path: Path) -> None:
    with pytest.raises(cog_kit.ImageError, match="webp, jpg, png"):
        cog_kit.save(picture, format="gif")
    with pytest.raises(cog_kit.ImageError, match=r"`quality` must be .* found 101"):
        cog_kit.save(picture, quality=101)
    with pytest.raises(TypeError, match="found int"):
        cog_kit.save(3)  # type: ignore[call-overload]
    with pytest.raises(FileNotFoundError):
        cog_kit.save(picture, folder=tmp_path / "none")


def test_sizes_are_planned(picture: cog_kit.Prepared) -> None:
    assert cog_kit.plan_size() == (1024, 1024)
    assert cog_kit.plan_size(aspect_ratio="16:9", megapixels=1.0, multiple_of=16) == (1360, 768)
    assert cog_kit.plan_size(aspect_ratio="9:16", megapixels=1.0, multiple_of=16) == (768, 1360)
    assert cog_kit.plan_size(aspect_ratio=2.0, max_side=512) == (512, 256)
    assert cog_kit.plan_size(like=picture) == cog_kit.plan_size(like=(1600, 1200)) == (1600, 1200)
    matched = cog_kit.plan_size(aspect_ratio="match_input_image", like=picture, megapixels=1, multiple_of=32)
    assert abs(matched[0] / matched[1] - 4 / 3) < 0.04
    for wrong in (
        {"aspect_ratio": "wide"},
        {"aspect_ratio": "match_input_image"},
        {"multiple_of": 0},
        {"megapixels": 0},
    ):
        with pytest.raises(ValueError, match="found"):
            cog_kit.plan_size(**wrong)


def test_seeds_are_kept_or_made() -> None:
    assert cog_kit.seed(0) == 0
    assert cog_kit.seed(2**32 - 1) == 2**32 - 1
    assert len({cog_kit.seed(None) for _ in range(100)}) == 100
    assert max(cog_kit.seed() for _ in range(100)) > 2**16
    for wrong in (-1, 2**32):
        with pytest.raises(ValueError, match="0 to 4294967295"):
            cog_kit.seed(wrong)
