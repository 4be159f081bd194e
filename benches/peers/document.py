"""docs/benchmarks.md: the machine, the photos, and a table for each kind of row."""

import datetime
import math
import os
import platform
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from chart import chart
from measure import DECODE, LIBVIPS, OPENCV, OURS, PEERS, PILLOW, PURE, SIMD, Bench, Results, geometric
from photos import Photo
from promises import of, promised_photos
from rows import Row

NONE = "-"
NAMES = [OURS, PURE, PILLOW, SIMD, OPENCV, LIBVIPS]
FORMATS = ["other JPEG", "PNG", "PNG with alpha", "WebP", "WebP, lossless", "GIF", "AVIF", "HEIC"]

INTRODUCTION = """# Benchmarks

Written by `make bench-peers`; do not edit. From the bytes of a file in memory to a numpy array of RGB pixels, upright and opaque, of the same
size from every peer.

- Each peer runs in a process of its own, and all take turns: in every round each is timed once, and whoever was first in one round is second in the next. Times
  are medians of {rounds} rounds, in milliseconds, with the distance between the quartiles behind ±. In brackets: how many times as long as cog-kit.
- One thread means one core: the process is tied to it. With two, libvips and OpenCV are told to use two; Pillow has one thread whatever happens.
- Pillow is used well: `thumbnail` with a box of the right size, so that the decoder shrinks; Lanczos; `exif_transpose` on the small picture. Pillow-SIMD is
  the same code, built for AVX2. OpenCV is told the size beforehand, shrinks while decoding as long as a factor of two remains, and ends with `INTER_AREA`.
  libvips is `thumbnail_buffer`, its cache switched off. No peer converts colours.
- Quality is PSNR against a decode at full size, resampled by Lanczos3 in floats, for alpha over white.
"""


def document(bench: Bench, photos: Sequence[Photo], load: float) -> str:
    """The whole file."""
    results = bench.results
    parts = [INTRODUCTION.format(rounds=bench.rounds), "![Times beside cog-kit's](benchmarks.svg)\n", machine(bench, load)]
    camera = of(results, "camera")
    parts += section("Photos from cameras, two threads", camera, lambda row, name: timed(results, row, name, 2), means(results, 2))
    parts += section("Photos from cameras, one thread", camera, lambda row, name: timed(results, row, name, 1), means(results, 1))
    others = [row for group in FORMATS for row in of(results, group)]
    for threads, word in ((2, "two threads"), (1, "one thread")):
        parts += section(f"Other files, {word}", others, lambda row, name, threads=threads: timed(results, row, name, threads))  # type: ignore[misc]
    parts += section("Quality, dB", camera + others + of(results, "small"), lambda row, name: decibels(results.decibels.get((row.name, name))))
    small = of(results, "small")
    parts += section("Small files, one thread", small, lambda row, name: timed(results, row, name, 1), names=[*NAMES, DECODE])
    for threads, word in ((1, "one thread"), (2, "two threads")):
        parts += section(f"A batch, {word}", of(results, "batch"), lambda row, name, threads=threads: timed(results, row, name, threads))  # type: ignore[misc]
    for group in ("saving PNG", "saving WebP"):
        parts += section(f"{group.capitalize()}".replace("png", "PNG").replace("webp", "WebP"), of(results, group), lambda row, name: saved(results, row, name))
    memory = of(results, "memory")
    parts += section("Memory over an idle process, MB", memory, lambda row, name: megabytes(results.kib.get((row.name, name))))
    parts += [table_of_photos(photos)]
    return "\n".join(parts)


def section(
    title: str, rows: Sequence[Row], cell: Callable[[Row, str], str], last: Sequence[Sequence[str]] = (), *, names: Sequence[str] = NAMES
) -> Iterator[str]:
    """A heading and a table, if there are rows; peers that did none of them have no column."""
    cells = {name: [cell(row, name) for row in rows] for name in names}
    names = [name for name in names if any(text != NONE for text in cells[name])]
    if not rows or not names:
        return
    lines = [["", *names], ["---", *["---:"] * len(names)]]
    lines += [[row.name, *(cells[name][place] for name in names)] for place, row in enumerate(rows)]
    lines += [[title, *(text for name, text in zip(NAMES, rest, strict=True) if name in names)] for title, *rest in last]
    yield f"## {title}\n"
    yield "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def timed(results: Results, row: Row, name: str, threads: int) -> str:
    median = results.median(row, name, threads)
    if median is None:
        return NONE
    spread, ratio = results.spread(row, name, threads), results.ratio(row, name, threads)
    digits = 2 if median < 0.01 else 1
    text = f"{median * 1e3:.{digits}f} ±{spread * 1e3:.{digits}f}"
    return text if name == OURS or ratio is None else f"{text} ({ratio:.2f})"


def means(results: Results, threads: int) -> list[list[str]]:
    """The last lines of a table of photos: geometric means of the ratios."""
    lines = []
    for title, rows in (("all: geometric mean", of(results, "camera")), ("4 MP and more, to 1024: geometric mean", promised_photos(results))):
        found = [geometric(results.ratio(row, name, threads) for row in rows) for name in NAMES]
        lines.append([f"**{title}**", *(NONE if mean is None else f"**{mean:.2f}**" for mean in found)])
    return lines


def saved(results: Results, row: Row, name: str) -> str:
    size = results.bytes.get((row.name, name))
    if size is None:
        return NONE
    quality = results.decibels[row.name, name]
    return f"{timed(results, row, name, 1)}, {size / 1e3:.0f} kB" + ("" if math.isinf(quality) else f", {quality:.1f} dB")


def decibels(found: float | None) -> str:
    if found is None:
        return NONE
    return "equal" if math.isinf(found) else f"{found:.1f}"


def megabytes(kib: float | None) -> str:
    return NONE if kib is None else f"{kib * 1024 / 1e6:.1f}"


def table_of_photos(photos: Sequence[Photo]) -> str:
    head = "| photo | pixels | sampling | quality | bits a pixel | restart markers | from | licence | |\n"
    head += "| --- | --- | --- | ---: | ---: | --- | --- | --- | --- |\n"
    lines = [
        f"| {photo.name} | {photo.size[0]} x {photo.size[1]} | {photo.sampling} | {photo.quality} | {photo.bits:.2f} | {'yes' if photo.restarts else 'no'} "
        f"| {photo.origin} | {photo.licence} | {photo.change} |"
        for photo in photos
    ]
    return "## The photos\n\n`COG_KIT_PHOTOS=FOLDER make bench-peers` takes others.\n\n" + head + "\n".join(lines) + "\n"


def machine(bench: Bench, load: float) -> str:
    """Where and with what it was measured."""
    models = (line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    processor = next(models, platform.machine())
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False).stdout.strip()
    today = datetime.datetime.now(datetime.timezone.utc).date()
    system = f"{os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}"
    lines = [f"Measured on {today} at commit {commit}: {processor}, {system}, a load of {load:.1f} before the run.", ""]
    for peer in PEERS:
        if versions := bench.results.versions.get(peer.name):
            lines.append(f"- {peer.name}: " + ", ".join(f"{what} {version}" for what, version in versions.items()))
        elif peer not in bench.peers:
            lines.append(f"- {peer.name}: left out, since it is not installed")
    return "\n".join([*lines, ""])


def drawing(results: Results) -> str:
    """The chart: geometric means, two threads."""
    groups = [("Photos from cameras to 1024 px", promised_photos(results))]
    groups += [(group, of(results, group)) for group in ("PNG", "PNG with alpha", "WebP")]
    bars = []
    for title, rows in groups:
        found = [(name, mean) for name in NAMES if (mean := geometric(results.ratio(row, name, 2) for row in rows))]
        if found:
            bars.append((title, found))
    return chart("Time beside cog-kit's, two threads for everyone; shorter is faster", bars)
