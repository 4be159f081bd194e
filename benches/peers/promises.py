"""What is promised of cog-kit beside its peers, and whether a run found it."""

from collections.abc import Iterator
from dataclasses import dataclass

from measure import DECODE, LIBVIPS, OPENCV, OURS, PILLOW, PURE, SIMD, Results, geometric
from rows import Row


@dataclass(frozen=True)
class Promise:
    """A figure that must be at least, or at most, another; none was found where the row or the peer was left out."""

    text: str
    limit: float
    found: float | None
    at_most: bool = False

    @property
    def kept(self) -> bool:
        """What was not measured is not kept."""
        return self.found is not None and (self.found <= self.limit if self.at_most else self.found >= self.limit)

    def __str__(self) -> str:
        """A line for the terminal."""
        sign = "<=" if self.at_most else ">="
        found = "not measured" if self.found is None else f"{self.found:.2f}"
        return f"{'kept  ' if self.kept else 'MISSED'}  {self.text}: promised {sign} {self.limit:g}, found {found}"


def promised_photos(results: Results) -> list[Row]:
    """The rows of photos of 4 megapixels and more, to 1024 pixels."""
    return [row for row in results.rows if row.group == "camera" and row.side == 1024 and row.size[0] * row.size[1] >= 4e6]


def lowest(found: list[float | None]) -> float | None:
    return min((number for number in found if number), default=None)


def highest(found: list[float | None]) -> float | None:
    return max((number for number in found if number), default=None)


def promises(results: Results) -> Iterator[Promise]:
    """All of them."""
    photos = promised_photos(results)
    for peer, every, mean in ((LIBVIPS, 1.2, 1.38), (SIMD, 1.15, 1.6), (PILLOW, 1.6, 2.7), (OPENCV, 1.3, 1.85)):
        ratios = [results.ratio(row, peer, 2) for row in photos]
        yield Promise(f"photos to 1024, two threads, every row, times as fast as {peer}", every, lowest(ratios))
        yield Promise(f"photos to 1024, two threads, geometric mean, times as fast as {peer}", mean, geometric(ratios))
    yield Promise("photos to 1024, one thread, geometric mean, times as fast as libvips", 1.3, geometric(results.ratio(row, LIBVIPS, 1) for row in photos))

    for group, peer, least in (("PNG", PILLOW, 2.0), ("PNG", LIBVIPS, 1.15), ("WebP", PILLOW, 2.0), ("WebP", LIBVIPS, 1.5)):
        yield Promise(f"{group}, two threads, every row, times as fast as {peer}", least, lowest([results.ratio(row, peer, 2) for row in of(results, group)]))
    for peer in (PILLOW, SIMD, OPENCV, LIBVIPS):
        found = lowest([results.ratio(row, peer, 2) for row in of(results, "PNG with alpha")])
        yield Promise(f"PNG with alpha, two threads, every row, times as fast as {peer}", 2.0, found)

    for group, faster, larger in (("saving PNG", 10.0, 1.1), ("saving WebP", 2.0, 1.05)):
        rows = of(results, group)
        yield Promise(f"{group}, every row, times as fast as Pillow", faster, lowest([results.ratio(row, PILLOW, 1) for row in rows]))
        sizes = [results.bytes[row.name, OURS] / results.bytes[row.name, PILLOW] for row in rows if (row.name, OURS) in results.bytes]
        yield Promise(f"{group}, every row, times the size of Pillow's", larger, highest(list(sizes)), at_most=True)

    for row in of(results, "small"):
        ours, decode = results.median(row, OURS, 1), results.median(row, DECODE, 1)
        if row.jpeg:
            overhead = (ours - decode) * 1e6 if ours and decode else None
            yield Promise(f"{row.name}: microseconds over decoding alone", 50, overhead, at_most=True)
    for row in of(results, "batch"):
        one, two = results.median(row, OURS, 1), results.median(row, OURS, 2)
        yield Promise("a batch on two threads, times as fast as on one", 1.85, one / two if one and two else None)

    yield Promise(
        "pure Rust, photos to 1024, two threads, geometric mean, times as fast as Pillow", 1.3, geometric(results.ratio(row, PILLOW, 2, PURE) for row in photos)
    )
    yield Promise(
        "pure Rust, photos to 1024, two threads, every row, times as fast as OpenCV", 1.0, lowest([results.ratio(row, OPENCV, 2, PURE) for row in photos])
    )

    yield from promised_memory(results)


def promised_memory(results: Results) -> Iterator[Promise]:
    for row in of(results, "memory"):
        ours, pillow = results.kib.get((row.name, OURS)), results.kib.get((row.name, PILLOW))
        if row.job == "prepare_giant":
            yield Promise(f"{row.name}, MB over an idle process", 100, ours * 1024 / 1e6 if ours else None, at_most=True)
        else:
            limit = 1.0 if row.jpeg else 0.6
            yield Promise(f"{row.name}, times the memory of Pillow", limit, ours / pillow if ours and pillow else None, at_most=True)


def of(results: Results, group: str) -> list[Row]:
    return [row for row in results.rows if row.group == group]
