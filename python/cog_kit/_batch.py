"""Many pictures, prepared on several threads."""

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Sized
from typing import TYPE_CHECKING, Any, Literal, overload

from cog_kit._native import CogKitError, Preparation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from typing import TypeAlias

    from typing_extensions import Unpack

    from cog_kit._native import Prepared, PrepareOptions, _Source

    _Failure: TypeAlias = CogKitError | OSError


@overload
def prepare_many(
    sources: Iterable[_Source],
    *,
    threads: int | None = None,
    progress: bool = False,
    on_error: Literal["raise", "skip"] = "raise",
    **options: Unpack[PrepareOptions],
) -> Iterator[Prepared]: ...
@overload
def prepare_many(
    sources: Iterable[_Source],
    *,
    threads: int | None = None,
    progress: bool = False,
    on_error: Literal["return"],
    **options: Unpack[PrepareOptions],
) -> Iterator[Prepared | _Failure]: ...
def prepare_many(
    sources: Iterable[_Source],
    *,
    threads: int | None = None,
    progress: bool = False,
    on_error: str = "raise",
    **options: Any,
) -> Iterator[Any]:
    """Prepared pictures, one after another in the order of `sources`, made on `threads` threads.

    There is one thread for each core by default, and each works on a picture of its own; `options` are those of
    `prepare`. A picture that cannot be prepared raises; with `on_error="return"` its exception (a `CogKitError` or an
    `OSError`) takes its place, with `"skip"` it is left out. `progress=True` shows a bar if tqdm is installed
    (`cog-kit[progress]`).

    Sources are read as they are needed, and no more than two results a thread wait to be fetched. Ending early, by
    an exception or Ctrl-C, starts no further picture.

    Raises `ValueError` and `TypeError` for options at once.
    """
    if on_error not in ("raise", "return", "skip"):
        raise ValueError(f"found on_error `{on_error}`, expected one of raise, return, skip")
    if threads is None:
        threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if threads < 1:
        raise ValueError(f"`threads` must be at least 1, found {threads}")
    results = _results(sources, Preparation(threads=1, **options), threads, on_error)
    if not progress:
        return (result for result, wanted in results if wanted)
    return _shown(results, len(sources) if isinstance(sources, Sized) else None)


def _results(sources: Iterable[_Source], preparation: Preparation, threads: int, on_error: str) -> Iterator[tuple[Prepared | _Failure, bool]]:
    """Each result, and whether the caller is to see it."""
    from concurrent.futures import ThreadPoolExecutor  # Only batches need it, and it takes its time.

    waiting: deque[Future[Prepared]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="cog-kit")
    try:
        remaining = iter(sources)
        while True:
            while len(waiting) < 2 * threads:
                try:
                    source = next(remaining)
                except StopIteration:
                    break
                waiting.append(pool.submit(preparation.apply, source))
            if not waiting:
                return
            try:
                yield waiting.popleft().result(), True
            except (CogKitError, OSError) as error:
                if on_error == "raise":
                    raise
                yield error, on_error == "return"
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _shown(results: Iterator[tuple[Prepared | _Failure, bool]], total: int | None) -> Iterator[Prepared | _Failure]:
    """The wanted results, behind a bar."""
    try:
        from tqdm.auto import tqdm
    except ModuleNotFoundError:
        warnings.warn("no bar is shown: tqdm is not installed; pip install 'cog-kit[progress]'", stacklevel=3)
        yield from (result for result, wanted in results if wanted)
        return
    with tqdm(total=total, unit="picture") as bar:
        for result, wanted in results:
            bar.update()
            if wanted:
                yield result
