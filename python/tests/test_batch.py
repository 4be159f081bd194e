"""Many pictures, many threads, other processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cog_kit
import pytest
from pictures import PHONE, PICTURES


def test_results_come_in_order() -> None:
    names = [f"oriented_{number}.jpg" for number in range(1, 9)] * 3
    results = list(cog_kit.prepare_many((PICTURES / name for name in names), threads=3, max_side=40, multiple_of=8))
    assert [result.size for result in results] == [(40, 24)] * 24
    assert [result.info.orientation for result in results] == [1, 2, 3, 4, 5, 6, 7, 8] * 3


def test_errors_are_raised_returned_or_skipped() -> None:
    sources: list[Path | bytes] = [PHONE, PICTURES / "none.jpg", b"no picture", PHONE]
    returned = list(cog_kit.prepare_many(sources, threads=2, on_error="return", max_side=64))
    kinds = [type(result) for result in returned]
    assert kinds == [cog_kit.Prepared, FileNotFoundError, cog_kit.ImageError, cog_kit.Prepared]
    skipped = list(cog_kit.prepare_many(sources, threads=2, on_error="skip", max_side=64))
    assert [type(result) for result in skipped] == [cog_kit.Prepared] * 2
    raising = cog_kit.prepare_many(sources, threads=2, max_side=64)
    assert next(raising).size == (64, 48)
    with pytest.raises(FileNotFoundError):
        next(raising)


def test_wrong_options_are_refused_before_any_picture() -> None:
    for options in ({"threads": 0}, {"on_error": "ignore"}, {"fit": "crop"}, {"max_side": 0}):
        with pytest.raises(ValueError, match="found"):
            cog_kit.prepare_many([], **options)


def test_sources_are_read_as_they_are_needed() -> None:
    taken = 0

    def sources() -> Iterator[Path]:
        nonlocal taken
        while True:
            taken += 1
            yield PICTURES / "grey.jpg"

    results = cog_kit.prepare_many(sources(), threads=2)
    for _ in range(10):
        next(results)
    assert taken <= 14


def test_a_bar_is_shown_with_tqdm(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm", reason="tqdm is not installed: the bar is not tested")
    assert len(list(cog_kit.prepare_many([PHONE] * 3, progress=True, max_side=64))) == 3
    assert "3/3" in capsys.readouterr().err


def test_a_bar_without_tqdm_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.warns(UserWarning, match=r"cog-kit\[progress\]"):
        assert len(list(cog_kit.prepare_many([PHONE] * 3, progress=True, max_side=64))) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_stops_a_batch() -> None:
    # SIGINT is ignored in processes that a shell starts in the background.
    program = f"""import cog_kit, itertools, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
for p in cog_kit.prepare_many(itertools.repeat({str(PHONE)!r}), max_side=512): print(p, flush=True)"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors
    assert process.returncode in (-signal.SIGINT, 130)
    assert time.monotonic() - start < 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_prepares_as_well() -> None:
    expected = cog_kit.prepare(PHONE, max_side=256).tobytes()
    list(cog_kit.prepare_many([PHONE] * 4, threads=2, max_side=256))
    child = os.fork()
    if child == 0:
        found = [result.tobytes() for result in cog_kit.prepare_many([PHONE] * 2, threads=2, max_side=256)]
        os._exit(0 if found == [expected] * 2 else 1)
    deadline = time.monotonic() + 30
    while (done := os.waitpid(child, os.WNOHANG))[0] == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    if done[0] == 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert done == (child, 0)
