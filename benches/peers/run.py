"""Measures cog-kit beside Pillow, Pillow-SIMD, OpenCV and libvips. Run by `scripts/bench-peers.sh`, which makes the environments that it needs.

A whole run writes docs/benchmarks.md and its chart; one with `--quick` or `--only` writes them beside the environments instead.
"""

import argparse
import hashlib
import os
import re
import sys
from pathlib import Path

from document import document, drawing
from measure import Bench
from photos import gather
from promises import promises
from rows import memory_rows, timed_rows
from variants import Maker

ROOT = Path(__file__).resolve().parents[2]
# The giant is no attack.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(1 << 30))


def main() -> int:
    arguments = parsed()
    bench = ROOT / "target" / "bench"
    photos = gather(bench / "photos")
    # Other photos have other variants.
    digest = hashlib.sha256(repr([(photo.name, photo.path.stat().st_size) for photo in photos]).encode()).hexdigest()
    maker = Maker(bench / f"made-{digest[:8]}")
    run = Bench(bench, 3 if arguments.quick else arguments.rounds)
    busy = os.getloadavg()[0]
    if busy > 0.5:
        print(f"the machine is busy: a load of {busy:.1f} before the run", file=sys.stderr)
    wanted = re.compile(arguments.only, re.IGNORECASE)
    for row in timed_rows(photos, maker):
        if wanted.search(f"{row.group}: {row.name}"):
            print(f"{row.group}: {row.name}", flush=True)
            run.run(row)
    for warm, row in memory_rows(photos, maker):
        if wanted.search(f"{row.group}: {row.name}"):
            print(f"{row.group}: {row.name}", flush=True)
            run.remember(warm, row)
    run.close()

    folder = bench if arguments.quick or arguments.only else ROOT / "docs"
    (folder / "benchmarks.md").write_text(document(run, photos, busy))
    (folder / "benchmarks.svg").write_text(drawing(run.results))
    print(f"written: {folder / 'benchmarks.md'}")
    if not arguments.check:
        return 0
    # A run of some rows is held to what they promise; a whole one to everything.
    found = [promise for promise in promises(run.results) if not arguments.only or promise.found is not None]
    print(*found, sep="\n")
    return 0 if all(promise.kept for promise in found) else 1


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=11, help="how often each row is measured (11)")
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--only", default="", metavar="PATTERN", help="only rows whose group and name match this regular expression")
    parser.add_argument("--check", action="store_true", help="print what is promised beside what was found; fail if a promise is not kept")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
