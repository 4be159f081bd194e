"""What stays small: memory over many calls, and the time of the import."""

import subprocess
import sys
from pathlib import Path

import cog_kit
import pytest
from pictures import PICTURES

STATM = Path("/proc/self/statm")


def resident() -> int:
    """Bytes of this process in memory."""
    return int(STATM.read_text().split()[1]) * 4096


@pytest.mark.skipif(not STATM.exists(), reason="this system does not say how much memory a process has")
def test_memory_does_not_grow() -> None:
    content = (PICTURES / "disc_rgba.png").read_bytes()

    def call() -> None:
        picture = cog_kit.prepare(content, max_side=48, multiple_of=8, ready_for="pil")
        picture.__dlpack__()
        picture.__arrow_c_array__()
        picture.tensor().__dlpack__(max_version=(1, 0))
        picture.restore(picture)
        with pytest.raises(cog_kit.ImageError):
            cog_kit.prepare(b"no picture")

    for _ in range(1000):
        call()
    before = resident()
    for _ in range(10_000):
        call()
    # A leak of one 48 x 36 picture a call would be 50 MB.
    assert resident() - before < 4 << 20


def test_the_import_takes_less_than_30_ms() -> None:
    program = "import time; start = time.perf_counter(); import cog_kit; print(time.perf_counter() - start)"
    times = [float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(5)]
    assert min(times) < 0.030
