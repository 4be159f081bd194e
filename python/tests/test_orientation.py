"""Orientation from EXIF, XMP and raw profiles: the same turn as Pillow's `exif_transpose`, whatever the file."""

import io
import struct
import zlib
from collections.abc import Callable

import cog_kit
import pytest

np = pytest.importorskip("numpy")
Image = pytest.importorskip("PIL.Image")
ImageOps = pytest.importorskip("PIL.ImageOps")
PngImagePlugin = pytest.importorskip("PIL.PngImagePlugin")

PICTURE = Image.fromarray(np.arange(4 * 7 * 3, dtype=np.uint8).reshape(4, 7, 3) * 3)


def exif(number: int, kind: int = 3, order: str = ">", tag: int = 0x0112) -> bytes:
    """A TIFF structure with one tag."""
    size = {1: "B3x", 3: "H2x", 4: "I", 8: "h2x", 9: "i", 11: "f"}[kind]
    magic = b"MM\0*" if order == ">" else b"II*\0"
    return magic + struct.pack(f"{order}IHHHI{size}I", 8, 1, tag, kind, 1, number, 0)


def xmp(number: str, form: str = '<rdf:Description tiff:Orientation="{}"/>') -> bytes:
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{form.format(number)}</x:xmpmeta>'.encode()


ELEMENT = "<rdf:Description><tiff:Orientation>{}</tiff:Orientation></rdf:Description>"
METADATA = {
    **{f"EXIF {number}": (exif(number), None) for number in range(10)},
    **{f"EXIF 6, type {kind}": (exif(6, kind), None) for kind in (1, 4, 8, 9, 11)},
    "EXIF 6, little-endian": (exif(6, order="<"), None),
    **{f"XMP {number}": (None, xmp(str(number))) for number in range(10)},
    "XMP element": (None, xmp("8", ELEMENT)),
    "EXIF and XMP": (exif(6), xmp("3")),
    "EXIF upright, XMP not": (exif(1), xmp("6")),
    "EXIF invalid, XMP not": (exif(9), xmp("6")),
    "EXIF of another tag": (exif(6, tag=0x0113), xmp("8")),
}


def jpeg(exif: bytes | None, packet: bytes | None) -> bytes:
    file = io.BytesIO()
    PICTURE.save(file, "JPEG", quality=95, subsampling=0)
    data = file.getvalue()
    segments = [b"http://ns.adobe.com/xap/1.0/\0" + packet] if packet else []
    segments += [b"Exif\0\0" + exif] if exif else []
    return data[:2] + b"".join(b"\xff\xe1" + struct.pack(">H", len(s) + 2) + s for s in segments) + data[2:]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(exif: bytes | None, packet: bytes | None, where: int = 33, prefix: bytes = b"") -> bytes:
    file = io.BytesIO()
    PICTURE.save(file, "PNG")
    data = file.getvalue()
    chunks = (chunk(b"eXIf", prefix + exif) if exif else b"") + (chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet) if packet else b"")
    return data[:where] + chunks + data[where:]


def png_behind_pixels(exif: bytes | None, packet: bytes | None) -> bytes:
    return png(exif, packet, where=-12)


def png_raw_profile(exif: bytes | None, packet: bytes | None) -> bytes:
    digits = exif.hex() if exif else ""
    text = f"\nexif\n{len(digits) // 2:8}\n" + "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72)) + "\n"
    data = png(None, packet)
    return data[:33] + chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text.encode())) + data[33:] if exif else data


def webp(exif: bytes | None, packet: bytes | None, flags: int | None = None) -> bytes:
    file = io.BytesIO()
    PICTURE.save(file, "WEBP", lossless=True, exif=exif or b"", xmp=packet or b"")
    data = bytearray(file.getvalue())
    if flags is not None and data[12:16] == b"VP8X":
        data[20] = flags
    return bytes(data)


def webp_denied(exif: bytes | None, packet: bytes | None) -> bytes:
    return webp(exif, packet, flags=0)


@pytest.mark.parametrize("make", [jpeg, png, png_behind_pixels, png_raw_profile, webp, webp_denied])
@pytest.mark.parametrize("name", METADATA)
def test_the_turn_is_that_of_pillow(make: Callable[[bytes | None, bytes | None], bytes], name: str) -> None:
    data = make(*METADATA[name])
    with Image.open(io.BytesIO(data)) as file:
        file.load()
        expected = np.asarray(ImageOps.exif_transpose(file).convert("RGB"), dtype=int)
    found = np.asarray(cog_kit.prepare(data).numpy(), dtype=int)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= (8 if make is jpeg else 0)
