"""The same pixels as other decoders make: Pillow with its colour management, libvips for AVIF, libheif for HEIC; the same frames of sequences as Pillow.

The pictures are those of the corpus beside the checkout, where there is one, and the project's own.
"""

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any

import cog_kit
import pytest
from pictures import PICTURES

numpy = pytest.importorskip("numpy", reason="numpy is not installed: pixels are not compared with other decoders")
Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: pixels are not compared with its own")
ImageCms = pytest.importorskip("PIL.ImageCms")
ImageOps = pytest.importorskip("PIL.ImageOps")

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

# Least agreement in dB: with the same colours, and where two colour engines stand between the file and its pixels.
SAME, MANAGED = 45.0, 38.0

# Files that agree less, the least that they must, and why.
CHROMA = "a tiny picture of hard colour edges: libheif repeats the samples of colour, we interpolate them"
KNOWN = {
    "clap_irot_imir_non_essential.avif": (13, "its crop is marked as one that may be passed over, which the standard forbids; libheif crops elsewhere"),
    "colors_wcg_hdr_rec2020.avif": (12, "high dynamic range: we map its tones to what a screen shows, libvips cuts them off"),
    "RGB_8__29x100.heif": (36, CHROMA),
    "RGB_8__128x128.heif": (44, CHROMA),
    "RGB_10__29x100.heif": (33, CHROMA),
    "RGB_12__29x100.heif": (33, CHROMA),
    "RGB_12__128x128.heif": (44, CHROMA),
    "RGBA_8__29x100.heif": (41, CHROMA),
    "RGBA_10__29x100.heif": (38, CHROMA),
    "RGBA_12__29x100.heif": (38, CHROMA),
}

# Files that we refuse and the other decoder takes, and why.
REFUSED = {
    "truncated.heic": "its data ends early",
}

# Files that Pillow cannot be asked about, and why.
UNLIKE = {
    "float.tif": "it has numbers from 0 to 1, which Pillow takes for black",
    "xhdn0g08.png": "Pillow refuses the wrong checksum of its header, which libvips passes over too",
}


def pictures() -> list[Path]:
    """The files to compare: what is damaged or hostile has no right answer."""
    folders = [folder for folder in sorted(CORPUS.glob("*")) if folder.is_dir() and folder.name not in ("damaged", "hostile")]
    files = [file for folder in [*folders, PICTURES] for file in sorted(folder.rglob("*")) if file.is_file()]
    # Those in `tiff` have a test of their own, `test_tiff.py`, with files that both Pillow and libvips read.
    files = [file for file in files if file.parent.name != "tiff" and file.name not in UNLIKE]
    return [file for file in files if file.suffix not in (".md", ".py", ".txt", ".json")]


def reference(path: Path) -> Any:
    """A picture, upright, in sRGB and over white, as (H, W, 3) float64."""
    # libvips reads no sequences.
    if path.suffix == ".avif" and "animated" not in path.name:
        vips = pytest.importorskip("pyvips", reason="pyvips is not installed: AVIF is not compared")
        return from_vips(vips.Image.new_from_file(str(path)))
    if path.suffix in (".heic", ".heif", ".hif"):
        pytest.importorskip("pillow_heif", reason="pillow-heif is not installed: HEIC is not compared").register_heif_opener()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(path)
        image.load()
        upright = ImageOps.exif_transpose(image)
        return over_white(in_srgb(upright, image.info.get("icc_profile")))


def from_vips(image: Any) -> Any:
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb", embedded=True, intent="relative")
    elif image.interpretation != "srgb":
        image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=[255, 255, 255])
    return image[:3].cast("uchar").numpy().astype(numpy.float64)


def in_srgb(image: Any, profile: bytes | None) -> Any:
    """In modes that Pillow converts to RGB without loss of range."""
    if image.mode.startswith("I") or image.mode == "F":
        grey = numpy.asarray(image).astype(numpy.float64)
        image = Image.fromarray(numpy.rint(grey / 257 if grey.max() > 255 else grey).clip(0, 255).astype(numpy.uint8))
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    if image.mode in ("P", "PA", "LA", "La", "1", "RGBA", "RGBX"):
        image = image.convert("L" if image.mode in ("LA", "La", "1") else "RGB")
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError):
            image = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
                flags=int(ImageCms.Flags.BLACKPOINTCOMPENSATION),
            )
    image = image.convert("RGB")
    if alpha is not None:
        image.putalpha(alpha)
    return image


def over_white(image: Any) -> Any:
    pixels = numpy.asarray(image).astype(numpy.float64)
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:] / 255
    return pixels[..., :3] * alpha + 255 * (1 - alpha)


def decibels(found: Any, expected: Any) -> float:
    """Peak signal-to-noise ratio; 99 for equal pixels."""
    error = float(numpy.square(found - expected).mean())
    return 99.0 if error == 0 else float(10 * numpy.log10(255**2 / error))


@pytest.mark.parametrize("path", pictures(), ids=lambda path: path.name)
def test_pixels_are_those_of_other_decoders(path: Path) -> None:
    try:
        picture = cog_kit.prepare(path)
    except cog_kit.CogKitError:
        if path.name not in REFUSED:
            with pytest.raises((OSError, SyntaxError)):
                reference(path)
        return
    expected = reference(path)
    height, width = expected.shape[:2]
    assert picture.size == (width, height)
    found = decibels(picture.numpy(), expected)
    least = KNOWN[path.name][0] if path.name in KNOWN else MANAGED if picture.info.profile else SAME
    assert least <= found, f"{found:.1f} dB"


def sequences() -> list[Path]:
    """Animated AVIF files."""
    return [path for path in pictures() if path.suffix == ".avif" and "animated" in path.name]


@pytest.mark.parametrize("path", sequences(), ids=lambda path: path.name)
def test_frames_of_sequences_are_those_of_pillow(path: Path) -> None:
    pytest.importorskip("PIL.AvifImagePlugin", reason="this Pillow reads no AVIF: frames are not compared")
    expected = Image.open(path)
    frames = cog_kit.frames(path)
    assert len(frames) == expected.n_frames > 1
    for number, frame in enumerate(frames):
        expected.seek(number)
        expected.load()
        assert round(frame.duration * 1000) == expected.info["duration"]
        assert decibels(frame.numpy(), over_white(expected)) >= SAME


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("subsampling", ["4:2:0", "4:4:4"])
def test_frames_that_pillow_writes_are_read_as_it_reads_them(mode: str, subsampling: str) -> None:
    pytest.importorskip("PIL.AvifImagePlugin", reason="this Pillow writes no AVIF: frames are not compared")
    y, x = numpy.mgrid[0:70, 0:90]
    planes = [numpy.stack([2 * x, 3 * y, 10 * number + 0 * x, 255 * (x > 9 * number)], axis=2) for number in range(7)]
    written = [Image.fromarray(plane.astype(numpy.uint8)).convert(mode) for plane in planes]
    durations = [10, 20, 40, 30, 1000, 1, 7]
    file = io.BytesIO()
    written[0].save(file, "AVIF", save_all=True, append_images=written[1:], duration=durations, subsampling=subsampling)
    expected = Image.open(file)
    frames = cog_kit.frames(file.getvalue(), every=2)
    assert [round(frame.duration * 1000) for frame in frames] == durations[::2]
    for frame in frames:
        expected.seek(frame.index)
        assert decibels(frame.numpy(), over_white(expected)) >= SAME


def test_the_corpus_is_there() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the checkout: only the project's own pictures are compared")
    names = {path.name for path in pictures()}
    assert KNOWN.keys() | REFUSED.keys() <= names


def photos() -> list[Path]:
    """JPEGs of a camera that are large enough for a decoder to shrink."""
    names = ("photos/2569067123_aca715a2ee_o.jpg", *(f"oriented/Landscape_{number}.jpg" for number in range(1, 9)))
    return [path for path in (*(CORPUS / name for name in names), PICTURES / "phone.jpg") if path.exists()]


@pytest.mark.parametrize("divisor", [2, 3.3, 5, 8])
@pytest.mark.parametrize("path", photos(), ids=lambda path: path.name)
def test_a_photo_that_its_decoder_shrinks_is_as_good_as_libvips_makes_it(path: Path, divisor: float) -> None:
    vips = pytest.importorskip("pyvips", reason="pyvips is not installed: shrunk photos are not compared with its thumbnails")
    image = ImageOps.exif_transpose(Image.open(path))
    size = [round(side / divisor) for side in image.size]
    # The yardstick: every pixel decoded, and resampled in floats.
    planes = [numpy.asarray(plane.convert("F").resize(size, Image.Resampling.LANCZOS)) for plane in image.convert("RGB").split()]
    expected = numpy.stack(planes, axis=2).clip(0, 255)
    content = path.read_bytes()
    ours = cog_kit.prepare(content, size=(size[0], size[1]), fit="fill", colours="file")
    theirs = vips.Image.thumbnail_buffer(content, size[0], height=size[1], size="force")
    found, peer = decibels(ours.numpy(), expected), decibels(theirs[:3].numpy(), expected)
    assert found >= 45
    # Beyond 50 dB nothing is left but how two JPEG decoders round, and the yardstick's is that of libvips.
    assert found >= min(peer - 1, 50)
