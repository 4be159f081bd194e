"""Reads every file of a folder with cog_kit, Pillow and libvips, and prints what each reads and how far cog_kit's pixels are from theirs.

    python scripts/compare-formats.py FOLDER... [--skip NAME...] [--markdown] [--below 30]

Needs: pip install ./python numpy pillow pillow-heif "pyvips[binary]". Each image is compared as people see it: its first frame, upright, in sRGB, over white.
"""

import argparse
import io
import os
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import cog_kit
import numpy as np
import pillow_heif
import pyvips  # type: ignore[import-untyped]
from PIL import Image, ImageCms, ImageOps

pillow_heif.register_heif_opener()
MOST_PIXELS = 100_000_000
"""The limit of cog_kit; larger images are read by no one here. Pillow refuses what has twice as many as it is told."""
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
warnings.filterwarnings("ignore")
SRGB = ImageCms.createProfile("sRGB")
EQUAL = 99.0
"""Stands for an infinite ratio: no sample differs."""


class Row(NamedTuple):
    """What became of one file."""

    path: Path
    format: str
    ours: str
    """`read`, `truncated` or the error's code."""
    message: str
    peers: dict[str, float | str]
    """The signal-to-noise ratio to each peer that reads the file, or why there is none."""


def ours(path: Path) -> tuple[np.ndarray | None, str, str]:
    """Pixels, outcome and message of cog_kit; a file that ends early is read as far as it goes."""
    try:
        prepared = cog_kit.prepare(path)
    except cog_kit.ImageError as error:
        if error.code != "image.truncated":
            return None, error.code, str(error)
        try:
            prepared = cog_kit.prepare(path, truncated="keep")
        except cog_kit.ImageError:
            return None, error.code, str(error)
        return prepared.numpy(), "truncated", str(error)
    return prepared.numpy(), "read", ", ".join(prepared.info.warnings)


def pillow(path: Path) -> np.ndarray:
    """Pixels of Pillow."""
    with Image.open(path) as file:
        file.load()
        profile = file.info.get("icc_profile")
        image: Image.Image = ImageOps.exif_transpose(file)
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image).astype(np.uint32) * 255 + 32767) // 65535).convert("L")
    elif image.mode == "I":
        image = Image.fromarray(np.clip(np.asarray(image) >> 8, 0, 255).astype(np.uint8))
    elif image.mode == "F":
        image = Image.fromarray(np.clip(np.asarray(image) * 255, 0, 255).astype(np.uint8))
    if image.mode in {"P", "PA", "La", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
    if profile:
        alpha = image.getchannel("A") if image.mode in {"RGBA", "LA"} else None
        colour = image.convert(image.mode.removesuffix("A")) if alpha else image
        try:
            converted = ImageCms.profileToProfile(colour, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB, outputMode="RGB")
            image = converted or colour
            if alpha:
                image.putalpha(alpha)
        except (ImageCms.PyCMSError, OSError):
            pass
    image = image.convert("RGBA") if image.mode in {"RGBA", "LA"} else image.convert("RGB")
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return np.asarray(image)


def vips(path: Path) -> np.ndarray:
    """Pixels of libvips."""
    image = pyvips.Image.new_from_file(str(path)).autorot()
    if image.width * image.height > MOST_PIXELS:
        msg = "too many pixels"
        raise ValueError(msg)
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb", embedded=True)
    image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=255)
    image = image.cast("uchar")
    return np.asarray(image.extract_band(0, n=3) if image.bands > 3 else image)  # noqa: PLR2004


def ratio(left: np.ndarray, right: np.ndarray) -> float | str:
    """Peak signal-to-noise ratio in dB."""
    if right.ndim == 2 or right.shape[2] == 1:  # noqa: PLR2004
        right = np.repeat(right.reshape(*right.shape[:2], 1), 3, axis=2)
    if left.shape != right.shape:
        return f"{right.shape[1]}x{right.shape[0]}"
    error = np.mean((left.astype(np.float64) - right.astype(np.float64)) ** 2)
    return EQUAL if error == 0 else min(EQUAL, float(10 * np.log10(255**2 / error)))


def compare(path: Path) -> Row:
    """Reads a file with everything."""
    pixels, outcome, message = ours(path)
    try:
        kind = cog_kit.info(path).format
    except cog_kit.ImageError as error:
        kind = "unknown" if error.code == "image.unknown_format" else str(error).split(maxsplit=1)[0]
    peers: dict[str, float | str] = {}
    for name, peer in (("Pillow", pillow), ("libvips", vips)):
        try:
            found = peer(path)
        except Exception:
            # Whatever a peer raises, it does not read the file.
            continue
        peers[name] = ratio(pixels, found) if pixels is not None else "read"
    return Row(path, kind, outcome, message, peers)


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]], *, markdown: bool) -> None:
    """Prints rows below each other."""
    lines = [head, *([("---",) * len(head)] if markdown else []), *rows]
    for line in lines:
        cells = [" ".join(str(cell).split()) for cell in line]
        print("| " + " | ".join(cells) + " |" if markdown else "  ".join(cells))
    print()


def report(rows: list[Row], root: Path, below: float, *, markdown: bool) -> None:
    """Prints the tables."""
    claimed = [row for row in rows if row.format != "unknown" and row.peers]
    counts = []
    for kind in [*sorted({row.format for row in claimed}), "all"]:
        some = [row for row in claimed if kind in {row.format, "all"}]
        found = Counter(row.ours if row.ours in {"read", "truncated"} else "refused" for row in some)
        read = found["read"] + found["truncated"]
        ratios = [list(row.peers.values()) for row in some if row.ours == "read"]
        near = sum(any(isinstance(value, float) and value >= below for value in values) for values in ratios)
        share = f"{100 * read / len(some):.1f} %"
        counts.append((kind, len(some), read, share, found["truncated"], found["refused"], near))
    head = ("format", "read by a peer", "read by us", "share", "of these cut short", "refused", f"{below:g} dB or nearer to a peer")
    print("Files in formats that cog_kit reads and that Pillow or libvips reads\n")
    table(head, counts, markdown=markdown)

    def shown(row: Row) -> str:
        return ", ".join(f"{name} {value if isinstance(value, str) else f'{value:.1f} dB'}" for name, value in row.peers.items())

    def place(row: Row) -> str:
        return os.path.relpath(row.path, root)

    lists = [
        ("Refused by cog_kit, read by a peer", [row for row in claimed if row.ours not in {"read", "truncated"}]),
        (
            f"Further than {below:g} dB from every peer that reads them, or of another size",
            [row for row in claimed if row.ours == "read" and not any(isinstance(v, float) and v >= below for v in row.peers.values())],
        ),
        ("Cut short: cog_kit refuses them unless told to keep what is there", [row for row in claimed if row.ours == "truncated"]),
        ("In other formats, read by a peer", [row for row in rows if row.format == "unknown" and row.peers]),
        ("Read by no one, named by cog_kit", [row for row in rows if not row.peers and row.ours not in {"read", "truncated"}]),
        ("Read by cog_kit alone", [row for row in rows if not row.peers and row.ours in {"read", "truncated"}]),
    ]
    for title, listed in lists:
        print(f"{title}: {len(listed)}\n")
        if listed:
            table(("file", "peers", "outcome", "message"), [(place(r), shown(r), r.ours, r.message) for r in listed], markdown=markdown)


def main() -> int:
    """Compares all files below some folders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--skip", nargs="*", default=[], help="names of folders that are left out, such as `hostile`")
    parser.add_argument("--markdown", action="store_true", help="print tables as Markdown")
    parser.add_argument("--below", type=float, default=30.0, help="list images that are further than so many dB from every peer (default: 30)")
    arguments = parser.parse_args()
    skipped = {".md", ".txt", ".py", ".json"}
    files = sorted(
        path
        for folder in arguments.folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix.lower() not in skipped and not set(arguments.skip) & set(path.relative_to(folder).parts)
    )
    if not files:
        print("There are no files.", file=sys.stderr)
        return 1
    rows = []
    for index, path in enumerate(files, 1):
        print(f"\r{index} of {len(files)}", end="", file=sys.stderr, flush=True)
        rows.append(compare(path))
    print(file=sys.stderr)
    report(rows, arguments.folders[0], arguments.below, markdown=arguments.markdown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
