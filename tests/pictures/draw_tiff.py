"""Writes one small image as TIFF in forms that need an encoder (numpy, Pillow, imagecodecs); `tests/image_tiff.rs` knows every pixel. The files are CC0.

The color image is (10 x, 15 y, 5 x + 8 y), the gray one 10 x + y, and the one of two levels black where x / 3 + y / 2 is a multiple of 3.
"""

import io
import itertools
import struct
from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent / "tiff"
WIDTH, HEIGHT = 24, 16
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH]
COLOR = np.stack([10 * X, 15 * Y, 5 * X + 8 * Y], axis=2).astype(np.uint8)
GRAY = (10 * X + Y).astype(np.uint8)
BLACK = (X // 3 + Y // 2) % 3 == 0

Tags = dict[int, int | tuple[int, ...] | bytes]


def tiff(tags: Tags, chunks: list[bytes], before: bytes = b"", order: str = "<") -> bytes:
    """A file with `before` at byte 8, then the strips (or tiles), then the directory. Bytes are UNDEFINED, numbers LONG."""
    body, offsets = before, []
    for chunk in chunks:
        offsets.append(8 + len(body))
        body += chunk
    tiled = 322 in tags
    if chunks:
        tags = {**tags, (324 if tiled else 273): tuple(offsets), (325 if tiled else 279): tuple(map(len, chunks))}
    entries = b""
    start = 8 + len(body) + 2 + 12 * len(tags) + 4
    more = b""
    for tag, given in sorted(tags.items()):
        value = (given,) if isinstance(given, int) else given
        kind, data = (7, value) if isinstance(value, bytes) else (4, struct.pack(f"{order}{len(value)}I", *value))
        if len(data) > 4:
            more, data = more + data, struct.pack(f"{order}I", start + len(more))
        entries += struct.pack(f"{order}HHI", tag, kind, len(value)) + data.ljust(4, b"\0")
    mark = {"<": b"II", ">": b"MM"}[order]
    head = mark + struct.pack(f"{order}HI", 42, 8 + len(body))
    return head + body + struct.pack(f"{order}H", len(tags)) + entries + b"\0\0\0\0" + more


def form(compression: int, photometric: int, bits: int = 8, samples: int = 3, rows: int = HEIGHT, **more: int) -> Tags:
    tags: Tags = {256: WIDTH, 257: HEIGHT, 258: (bits,) * samples, 259: compression, 262: photometric, 277: samples, 278: rows}
    return {**tags, **{int(name[1:]): value for name, value in more.items()}}


def differences(pixels: np.ndarray) -> bytes:
    """Predictor 2."""
    result = pixels.copy()
    result[:, 1:] -= pixels[:, :-1]
    return result.tobytes()


def float_differences(pixels: np.ndarray) -> bytes:
    """Predictor 3: bytes sorted by weight, then differences."""
    size = pixels.dtype.itemsize
    rows = pixels.astype(pixels.dtype.newbyteorder(">")).reshape(HEIGHT, -1)
    planes = np.frombuffer(rows.tobytes(), np.uint8).reshape(HEIGHT, -1, size).transpose(0, 2, 1).reshape(HEIGHT, -1)
    samples = pixels.size // (WIDTH * HEIGHT)
    result = planes.copy()
    result[:, samples:] -= planes[:, :-samples]
    return result.tobytes()


def lossless(write: object) -> None:
    raw = COLOR.tobytes()
    zstd, lzma = imagecodecs.zstd_encode, imagecodecs.lzma_encode
    deflate = imagecodecs.zlib_encode
    write("zstd", tiff(form(50000, 2), [zstd(raw)]))
    write("zstd_largest_window", tiff(form(50000, 2, rows=4), [zstd(COLOR[y : y + 4].tobytes(), level=22) for y in range(0, HEIGHT, 4)]))
    write("zstd_differences", tiff(form(50000, 2, _317=2), [zstd(differences(COLOR))]))
    write("lzma", tiff(form(34925, 2), [lzma(raw)]))
    # Half floats, Group 3 and WebP leave the fewest choices to other encoders.
    write("webp", tiff(form(50001, 2), [imagecodecs.webp_encode(COLOR, lossless=True)]))
    shape = np.dstack([COLOR, np.where(X < 12, 255, 0).astype(np.uint8)])
    tiles = [np.pad(shape, ((0, 0), (0, 8), (0, 0)))[:, x : x + 16] for x in (0, 16)]
    tags = form(50001, 2, samples=4, _322=16, _323=16, _338=2)
    write("webp_alpha_tiles", tiff(tags, [imagecodecs.webp_encode(np.ascontiguousarray(tile), lossless=True) for tile in tiles]))
    for name, kind in (("half", np.float16), ("single", np.float32), ("double", np.float64)):
        bits = np.dtype(kind).itemsize * 8
        data = float_differences((GRAY / 255).astype(kind))
        write(f"{name}_differences", tiff(form(8, 1, bits, 1, _317=3, _339=3), [deflate(data)]))
    # GIF has the LZW of TIFF before version 5.
    gif = io.BytesIO()
    Image.fromarray(GRAY).save(gif, "GIF", interlace=0)
    write("old_lzw", tiff(form(5, 1, 8, 1), [gif_data(gif.getvalue())]))


def gif_data(file: bytes) -> bytes:
    """The LZW data of the first image, whose codes must start with nine bits; its color map is gray, in order."""
    at = 13 + 3 * (2 << (file[10] & 7))
    while file[at] == 0x21:
        at += 2
        while file[at]:
            at += file[at] + 1
        at += 1
    assert (file[at], file[at + 9] & 0xC0, file[at + 10]) == (0x2C, 0, 8)
    at, data = at + 11, b""
    while file[at]:
        data += file[at + 1 : at + 1 + file[at]]
        at += file[at] + 1
    return data


WHITE_RUNS = (
    "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 "
    "101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000"
)
BLACK_RUNS = (
    "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 "
    "0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111"
)
RUNS = (WHITE_RUNS.split(), BLACK_RUNS.split())
END_OF_LINE = "000000000001"
VERTICAL = {0: "1", 1: "011", 2: "000011", 3: "0000011", -1: "010", -2: "000010", -3: "0000010"}


def one_dimension(row: np.ndarray) -> str:
    """ITU-T T.4, section 4.1: runs, white first."""
    code, color = "", 0
    groups = [(bool(black), len(list(group))) for black, group in itertools.groupby(row)]
    if groups[0][0]:
        groups.insert(0, (False, 0))
    for _, length in groups:
        code += RUNS[color][length]
        color ^= 1
    return code


def two_dimensions(row: np.ndarray, above: np.ndarray) -> str:
    """ITU-T T.4, section 4.2."""
    changes = [[x for x in range(WIDTH) if line[x] != (line[x - 1] if x else False)] for line in (row, above)]
    code, a0, color = "", -1, False

    def next_change(line: int, after: int) -> int:
        return next((x for x in changes[line] if x > after), WIDTH)

    while a0 < WIDTH:
        b1 = next((x for x in changes[1] if x > a0 and above[x] != color), WIDTH)
        b2 = next_change(1, b1)
        a1 = next((x for x in changes[0] if x > a0 and row[x] != color), WIDTH)
        if b2 < a1:
            code, a0 = code + "0001", b2
        elif abs(a1 - b1) <= 3:
            code, a0, color = code + VERTICAL[a1 - b1], a1, not color
        else:
            a2 = next_change(0, a1)
            code += "001" + RUNS[color][a1 - max(a0, 0)] + RUNS[not color][a2 - a1]
            a0 = a2
    return code


def packed(code: str, unit: int = 8) -> bytes:
    code += "0" * (-len(code) % unit)
    return bytes(int(code[at : at + 8], 2) for at in range(0, len(code), 8))


def fax(write: object) -> None:
    rows = list(BLACK)
    white = np.zeros(WIDTH, bool)
    reference = [white, *rows[:-1]]
    bilevel = {"bits": 1, "samples": 1}
    write("fax_runs", tiff(form(2, 0, **bilevel), [b"".join(packed(one_dimension(row)) for row in rows)]))
    write("fax_runs_in_words", tiff(form(32771, 0, **bilevel), [b"".join(packed(one_dimension(row), 16) for row in rows)]))
    write("fax_group_3", tiff(form(3, 0, **bilevel), [packed("".join(END_OF_LINE + one_dimension(row) for row in rows) + END_OF_LINE * 6)]))
    filled = ""
    for row in rows:
        filled += "0" * (-(len(filled) + 12) % 8) + END_OF_LINE + one_dimension(row)
    write("fax_group_3_filled", tiff(form(3, 0, **bilevel, _292=4), [packed(filled)]))
    both = "".join(
        END_OF_LINE + ("1" + one_dimension(row) if index % 4 == 0 else "0" + two_dimensions(row, above))
        for index, (row, above) in enumerate(zip(rows, reference, strict=True))
    )
    write("fax_group_3_two_dimensions", tiff(form(3, 0, **bilevel, _292=1), [packed(both)]))
    group_4 = packed("".join(two_dimensions(row, above) for row, above in zip(rows, reference, strict=True)) + END_OF_LINE * 2)
    write("fax_group_4", tiff(form(4, 0, **bilevel), [group_4]))
    reverse = bytes(int(f"{byte:08b}"[::-1], 2) for byte in group_4)
    write("fax_group_4_reversed", tiff(form(4, 0, **bilevel, _266=2), [reverse]))
    untagged = form(4, 0, **bilevel)
    del untagged[262], untagged[258], untagged[277]
    write("fax_without_photometric", tiff(untagged, [group_4]))


def jpeg(pixels: np.ndarray, subsampling: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=97, subsampling=subsampling)
    return file.getvalue()


def segments(file: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Markers with what their segments hold, up to the scan; and the entropy-coded data."""
    at, found = 2, []
    while True:
        marker, length = file[at + 1], struct.unpack(">H", file[at + 2 : at + 4])[0]
        found.append((marker, file[at + 4 : at + 2 + length]))
        at += 2 + length
        if marker == 0xDA:
            return found, file[at:-2]


def old_jpeg(write: object) -> None:
    for name, subsampling, factors in (("", "4:4:4", (1, 1)), ("_420", "4:2:0", (2, 2))):
        whole = jpeg(COLOR, subsampling)
        tags = form(6, 6, _512=1)
        tags[530] = factors
        # A JPEG file, of which the strip is all or the scan.
        write(f"old_jpeg_file{name}", tiff({**tags, 513: 8, 514: len(whole), 273: 8, 279: len(whole)}, [], whole))
        found, scan = segments(whole)
        start = 8 + len(whole) - len(scan) - 2
        write(f"old_jpeg_scan{name}", tiff({**tags, 513: 8, 514: len(whole), 273: start, 279: len(scan)}, [], whole))
        # Tables on their own, and a strip or two of entropy-coded data.
        quantization = b"".join(data[1:] for marker, data in found if marker == 0xDB)
        huffman = [data for marker, data in found if marker == 0xC4]
        assert (len(quantization), [data[0] for data in huffman]) == (128, [0x00, 0x10, 0x01, 0x11])
        before = quantization + b"".join(data[1:] for data in huffman)
        sizes = [len(data) - 1 for data in huffman]
        at = [8 + 128 + sum(sizes[:index]) for index in range(4)]
        places: Tags = {519: (8, 72, 72), 520: (at[0], at[2], at[2]), 521: (at[1], at[3], at[3])}
        write(f"old_jpeg_tables{name}", tiff({**tags, **places}, [scan], before))
    halves = [segments(jpeg(COLOR[y : y + 8], "4:4:4"))[1] for y in (0, 8)]
    tags = form(6, 6, rows=8, _512=1)
    tags[530] = (1, 1)
    whole = jpeg(COLOR, "4:4:4")
    found, scan = segments(whole)
    header = whole[: len(whole) - len(scan) - 2]
    # The header of a JPEG file, and strips elsewhere.
    write("old_jpeg_strips", tiff({**tags, 513: 8, 514: len(header)}, halves, header))
    untagged = {tag: value for tag, value in tags.items() if tag not in (258, 262, 277)}
    write("old_jpeg_untagged", tiff({**untagged, 513: 8, 514: len(header)}, halves, header))


def new_jpeg(write: object) -> None:
    for name, subsampling, factors in (("", "4:4:4", (1, 1)), ("_420", "4:2:0", (2, 2))):
        tags = form(7, 6)
        tags[530] = factors
        write(f"jpeg{name}", tiff(tags, [jpeg(COLOR, subsampling)]))
    planes = [jpeg(COLOR[..., channel], "4:4:4") for channel in range(3)]
    write("jpeg_planes", tiff(form(7, 2, _284=2), planes))
    tags = form(7, 2, _322=16, _323=16)
    padded = np.pad(COLOR, ((0, 0), (0, 8), (0, 0)), mode="edge")
    file = [io.BytesIO(), io.BytesIO()]
    for target, x in zip(file, (0, 16), strict=True):
        Image.fromarray(padded[:, x : x + 16]).save(target, "JPEG", quality=97, keep_rgb=True)
    write("jpeg_rgb_tiles", tiff(tags, [target.getvalue() for target in file]))


def luma_and_chroma(write: object) -> None:
    pixels = np.asarray(Image.fromarray(COLOR).convert("YCbCr")).astype(np.float64)
    write("ycbcr", tiff({**form(1, 6), 530: (1, 1)}, [np.rint(pixels).astype(np.uint8).tobytes()]))
    for across, down in ((2, 1), (2, 2), (4, 2)):
        blocks = b""
        for y in range(0, HEIGHT, down):
            for x in range(0, WIDTH, across):
                block = pixels[y : y + down, x : x + across]
                blocks += np.rint(block[..., 0]).astype(np.uint8).tobytes()
                blocks += np.rint(block[..., 1:].mean((0, 1))).astype(np.uint8).tobytes()
        write(f"ycbcr_{across}{down}", tiff({**form(1, 6), 530: (across, down)}, [blocks]))


def large(folder: Path) -> None:
    """2400x1600 pixels in one strip each, as in `draw.py`: much memory, small files."""
    width, height = 2400, 1600
    bands = np.broadcast_to((np.arange(height) // 200 * 24 + 30)[:, None], (height, width))
    pixels = np.stack([bands, 255 - bands, bands // 2], axis=2).astype(np.uint8)

    def write(name: str, tags: Tags, chunks: list[bytes]) -> None:
        (folder / f"{name}.tif").write_bytes(tiff({**tags, 256: width, 257: height, 278: height}, chunks))

    write("zstd", form(50000, 2), [imagecodecs.zstd_encode(pixels.tobytes(), level=22)])
    write("lzma", form(34925, 2), [imagecodecs.lzma_encode(pixels.tobytes())])
    light = pixels[..., 0].astype(np.float32) / 255
    write("float", form(8, 1, 32, 1, _339=3), [imagecodecs.zlib_encode(light.tobytes(), level=9)])
    planes = [imagecodecs.zlib_encode((pixels[..., channel].astype(np.uint16) * 257).tobytes(), level=9) for channel in range(3)]
    write("planes", form(8, 2, 16, _284=2), planes)
    write("jpeg_strip", {**form(7, 6), 530: (2, 2)}, [jpeg(pixels, "4:2:0")])


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    large(FOLDER.parent / "large")

    def write(name: str, content: bytes) -> None:
        (FOLDER / f"{name}.tif").write_bytes(content)

    for part in (lossless, fax, old_jpeg, new_jpeg, luma_and_chroma):
        part(write)


if __name__ == "__main__":
    main()
