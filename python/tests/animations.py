"""Writes small animations of any geometry: GIF, PNG and WebP files of a few hundred bytes, whose frames Pillow need not be able to write."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

NONE, BACKGROUND, PREVIOUS = range(3)


@dataclass
class Frame:
    """Pixels (RGBA), where they are put, and what becomes of them."""

    left: int
    top: int
    pixels: NDArray[np.uint8]
    dispose: int = NONE
    over: bool = True


def matrix(size: tuple[int, int], disposals: list[int], blendings: list[bool], alpha: str) -> Iterator[list[Frame]]:
    """Every disposal and blending of two frames in every place, and a last frame that shows what they left."""
    width, height = size
    full, inner, across, beside = (0, 0, width, height), (2, 2, 6, 4), (6, 4, width - 6, height - 4), (2, 2, 8, 6)
    rng = np.random.default_rng(5)

    def drawn(area: tuple[int, int, int, int], dispose: int, over: bool) -> Frame:
        pixels = rng.integers(0, 256, (area[3], area[2], 4), dtype=np.uint8)
        if alpha == "opaque":
            pixels[..., 3] = 255
        elif alpha == "binary":
            pixels[..., 3] = np.where(pixels[..., 3] > 100, 255, 0)
            pixels[pixels[..., 3] == 0] = 0
        return Frame(area[0], area[1], pixels, dispose, over)

    for first, second in product((full, inner), (full, inner, across, beside)):
        for one, two, over, last in product(disposals, disposals, blendings, blendings):
            yield [drawn(first, one, over), drawn(second, two, over), drawn((4, 2, 4, 4), NONE, last)]


def gif(size: tuple[int, int], frames: list[Frame]) -> bytes:
    """GIF: each frame has a palette of its own, whose first color is transparent; pixels keep 3 bits of green, 2 of red and blue."""
    file = b"GIF89a" + struct.pack("<HHBBB", *size, 0, 0, 0)
    for frame in frames:
        height, width = frame.pixels.shape[:2]
        file += b"\x21\xf9\x04" + bytes([(frame.dispose + 1) << 2 | 1, 4, 0, 0, 0])
        file += b"\x2c" + struct.pack("<HHHHB", frame.left, frame.top, width, height, 0x86)
        palette = [(0, 0, 0)] + [(255 * (n & 3) // 3, 255 * (n >> 2 & 7) // 7, 255 * (n >> 5) // 3) for n in range(1, 128)]
        file += bytes(sum(palette, ()))
        red, green, blue, alpha = (frame.pixels[..., channel].astype(int) for channel in range(4))
        indices = np.where(alpha > 127, np.maximum(red >> 6 | green >> 5 << 2 | blue >> 7 << 5, 1), 0)
        file += lzw(indices.ravel().tolist())
    return file + b";"


def lzw(indices: list[int]) -> bytes:
    """Seven-bit indices whose codes never grow, because the table is cleared often enough."""
    value, length = 0, 0
    for number, index in enumerate(indices):
        if number % 100 == 0:
            value, length = value | 128 << length, length + 8
        value, length = value | index << length, length + 8
    value, length = value | 129 << length, length + 8
    data = value.to_bytes(length // 8, "little")
    blocks = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"\x07" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def png(size: tuple[int, int], frames: list[Frame]) -> bytes:
    """PNG with animation chunks. A first frame that is smaller than the canvas has a default image before it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    def packed(pixels: NDArray[np.uint8]) -> bytes:
        return zlib.compress(b"".join(b"\0" + row.tobytes() for row in pixels))

    width, height = size
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    file += chunk(b"acTL", struct.pack(">II", len(frames), 0))
    has_default = frames[0].pixels.shape[:2] != (height, width)
    if has_default:
        file += chunk(b"IDAT", packed(np.full((height, width, 4), 77, np.uint8)))
    sequence = 0
    for number, frame in enumerate(frames):
        rows, columns = frame.pixels.shape[:2]
        place = struct.pack(">IIIII", sequence, columns, rows, frame.left, frame.top)
        file += chunk(b"fcTL", place + struct.pack(">HHBB", 40, 1000, frame.dispose, frame.over))
        sequence += 1
        if number == 0 and not has_default:
            file += chunk(b"IDAT", packed(frame.pixels))
        else:
            file += chunk(b"fdAT", struct.pack(">I", sequence) + packed(frame.pixels))
            sequence += 1
    return file + chunk(b"IEND", b"")


def webp(size: tuple[int, int], frames: list[Frame], image: Any, lossless: bool) -> bytes:
    """WebP with frames that Pillow (`image` is its `PIL.Image`) encodes one by one."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    def three(number: int) -> bytes:
        return struct.pack("<I", number)[:3]

    def coded(pixels: NDArray[np.uint8]) -> bytes:
        buffer = io.BytesIO()
        image.fromarray(pixels).save(buffer, "WEBP", lossless=lossless, quality=80, exact=True)
        file, at, found = buffer.getvalue(), 12, b""
        while at < len(file):
            end = at + 8 + (struct.unpack_from("<I", file, at + 4)[0] + 1 & ~1)
            if file[at : at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
                found += file[at:end]
            at = end
        return found

    body = b"WEBP" + chunk(b"VP8X", b"\x12\0\0\0" + three(size[0] - 1) + three(size[1] - 1)) + chunk(b"ANIM", bytes(6))
    for frame in frames:
        rows, columns = frame.pixels.shape[:2]
        place = three(frame.left // 2) + three(frame.top // 2) + three(columns - 1) + three(rows - 1) + three(40)
        flags = bytes([(frame.dispose == BACKGROUND) | (not frame.over) << 1])
        body += chunk(b"ANMF", place + flags + coded(frame.pixels))
    return chunk(b"RIFF", body)
