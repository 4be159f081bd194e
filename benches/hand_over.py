"""Times what the hand-over to Python costs: `python benches/hand_over.py [PICTURE.jpg]`, with cog-kit, numpy and Pillow installed."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import cog_kit
import numpy as np
import PIL

ROUNDS = 9
BATCH = 60


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes; what it returns is dropped afterwards."""
    start = time.perf_counter()
    result = work()
    taken = time.perf_counter() - start
    del result
    return taken


def typical(work: Callable[[], object]) -> float:
    """The median of some calls."""
    return statistics.median(seconds(work) for _ in range(ROUNDS))


def twelve_megapixels() -> Path:
    """A picture of 4000 x 3000 pixels that is neither flat nor noise."""
    y, x = np.mgrid[0:3000, 0:4000].astype(np.float32)
    waves = [np.sin(x / 37 + y / 91), np.cos(x / 53 - y / 29), np.sin((x * y) ** 0.5 / 41)]
    pixels = (np.stack(waves, axis=2) * 100 + 128).astype(np.uint8)
    return cog_kit.save(pixels, format="jpg", folder=tempfile.mkdtemp(), stem="bench")


def main() -> None:
    """Prints a table."""
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else twelve_megapixels()
    content = picture.read_bytes()
    cog_kit.prepare(content, max_side=8).pil()
    whole = cog_kit.prepare(content, ready_for="pil")
    print(f"{picture.name}: {whole.width} x {whole.height}, on {os.cpu_count()} cores, Pillow {PIL.__version__}")
    made, copied = first_pil(content, "pil"), first_pil(content, "numpy")
    print(f"pil(), first call, ready_for='pil'   {made * 1e6:10.1f} us")
    print(f"pil(), later calls                   {typical(whole.pil) * 1e6:10.1f} us")
    print(f"pil(), first call without            {copied * 1e6:10.1f} us")
    print(f"numpy()                              {typical(whole.numpy) * 1e6:10.1f} us")
    print(f"Pillow's np.asarray(image)           {typical(lambda: np.asarray(whole.pil())) * 1e6:10.1f} us")
    print(f"tensor(range=(-1, 1))                {typical(lambda: whole.tensor(range=(-1, 1))) * 1e3:10.1f} ms")
    # In turn, because the speed of a shared machine drifts.
    one, two = zip(*((seconds(lambda: batch(content, 1)), seconds(lambda: batch(content, 2))) for _ in range(ROUNDS)), strict=True)
    ratio = statistics.median(a / b for a, b in zip(one, two, strict=True))
    print(f"prepare_many, {BATCH} pictures, 1 thread  {statistics.median(one):10.2f} s")
    print(f"prepare_many, {BATCH} pictures, 2 threads {statistics.median(two):10.2f} s, {ratio:.2f} x")
    program = "import time; start = time.perf_counter(); import cog_kit; print(time.perf_counter() - start)"
    imported = statistics.median(float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(ROUNDS))
    print(f"import cog_kit                       {imported * 1e3:10.1f} ms")


def batch(content: bytes, threads: int) -> None:
    """Prepares the same picture many times."""
    for _ in cog_kit.prepare_many([content] * BATCH, threads=threads, max_side=1024):
        pass


def first_pil(content: bytes, ready_for: Literal["numpy", "pil"]) -> float:
    """The first call for pictures that were made ready for something."""
    pictures = [cog_kit.prepare(content, ready_for=ready_for) for _ in range(ROUNDS)]
    waiting = iter(pictures)  # The list keeps them: letting go of a picture takes longer than handing it over.
    return typical(lambda: next(waiting).pil())


if __name__ == "__main__":
    main()
