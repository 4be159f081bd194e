"""Times what the hand-over to Python costs: `python bench.py [PICTURE.jpg]`, with numpy and Pillow installed."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cog_kit
import numpy as np
import PIL

ROUNDS = 5
BATCH = 60


def best(work: Callable[[], object]) -> float:
    """The shortest of some rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


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
    start = time.perf_counter()
    whole.pil()
    first = time.perf_counter() - start
    print(f"{picture.name}: {whole.width} x {whole.height}, on {os.cpu_count()} cores, Pillow {PIL.__version__}")
    print(f"pil(), first call, ready_for='pil'   {first * 1e6:10.1f} us")
    print(f"pil(), later calls                   {best(whole.pil) * 1e6:10.1f} us")
    print(f"pil(), first call without            {best_first_pil(content) * 1e6:10.1f} us")
    print(f"numpy()                              {best(whole.numpy) * 1e6:10.1f} us")
    print(f"Pillow's np.asarray(image)           {best(lambda: np.asarray(whole.pil())) * 1e6:10.1f} us")
    print(f"tensor(range=(-1, 1))                {best(lambda: whole.tensor(range=(-1, 1))) * 1e3:10.1f} ms")
    one, two = best(lambda: batch(content, 1)), best(lambda: batch(content, 2))
    print(f"prepare_many, {BATCH} pictures, 1 thread  {one:10.2f} s")
    print(f"prepare_many, {BATCH} pictures, 2 threads {two:10.2f} s, {one / two:.2f} x")
    program = "import time; start = time.perf_counter(); import cog_kit; print(time.perf_counter() - start)"
    imported = min(float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(ROUNDS))
    print(f"import cog_kit                       {imported * 1e3:10.1f} ms")


def batch(content: bytes, threads: int) -> None:
    """Prepares the same picture many times."""
    for _ in cog_kit.prepare_many([content] * BATCH, threads=threads, max_side=1024):
        pass


def best_first_pil(content: bytes) -> float:
    """The first call for pictures that were not made ready for it."""
    pictures = [cog_kit.prepare(content) for _ in range(ROUNDS)]
    return best(lambda: pictures.pop().pil())


if __name__ == "__main__":
    main()
