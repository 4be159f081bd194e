"""One peer in a process of its own: `worker.py MODULE THREADS CORES`. Reads requests as lines of JSON, and answers each with one.

`load` reads the files of a job and runs it once, `time` runs it and says how long it took, `keep` writes what it makes, `peak` says what memory it takes.
"""

import gc
import importlib
import json
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from told import Told

# Work shorter than this is repeated, and its mean is taken.
SHORTEST = 0.005


@dataclass
class Job:
    """What to do, what to clear away before it is done again, and how often in a row."""

    work: Callable[[], Any]
    before: Callable[[], None] = lambda: None
    repeats: int = 1

    def run(self) -> tuple[float, Any]:
        """Seconds, and what came out, which is dropped off the clock."""
        self.before()
        start = time.perf_counter()
        result = self.work()
        return time.perf_counter() - start, result


class Worker:
    """A peer, and the jobs that it was given, by their slot."""

    def __init__(self, module: str, threads: int, cores: int) -> None:
        """Takes its cores, the last ones first, so that no peer can use more threads than it says."""
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])
        self.peer: Any = importlib.import_module(module)
        self.versions: dict[str, str] = self.peer.start(threads)
        self.jobs: dict[str, Job] = {}
        gc.disable()

    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        """Makes a job ready and runs it; answers with the shape of what it makes, if that is pixels."""
        job = self.jobs[request["slot"]] = self.job(request)
        # A first call loads code and settles the allocator.
        job.run()
        if request["job"] == "batch":
            return {}
        seconds, result = job.run()
        job.repeats = max(1, min(200, math.ceil(SHORTEST / seconds)))
        if not isinstance(result, np.ndarray):
            return {}
        assert result.dtype == np.uint8
        assert result.flags.c_contiguous
        assert result.shape[2] == 3
        return {"shape": result.shape}

    def job(self, request: dict[str, Any]) -> Job:
        """Reads what the job needs."""
        peer, kind = self.peer, request["job"]
        if kind == "save":
            pixels, path = np.load(request["pixels"]), Path(request["path"])
            # cog-kit never writes over a file.
            return Job(lambda: peer.save(pixels, path), lambda: path.unlink(missing_ok=True))
        told = Told(request["side"], tuple(request["size"]), request["jpeg"], request["alpha"])
        contents = [Path(file).read_bytes() for file in request["files"]]
        if kind == "batch":
            threads = request["threads"]
            return Job(lambda: peer.prepare_many(contents, told, threads))
        function = getattr(peer, kind)
        return Job(lambda: function(contents[0], told))

    def time(self, request: dict[str, Any]) -> dict[str, Any]:
        """Seconds a call."""
        job = self.jobs[request["slot"]]
        gc.collect()
        return {"seconds": sum(job.run()[0] for _ in range(job.repeats)) / job.repeats}

    def keep(self, request: dict[str, Any]) -> dict[str, Any]:
        """Writes the pixels where they are asked for; a saved file stays where it is."""
        _, result = self.jobs[request["slot"]].run()
        if isinstance(result, np.ndarray):
            np.save(request["path"], result)
        return {}

    def peak(self, request: dict[str, Any]) -> dict[str, Any]:
        """KiB above the idle process, which has imported all, has read the file and has done the same to a small one."""
        self.job(request["warm"]).run()
        job = self.job(request)
        gc.collect()
        # Otherwise the highest mark of the imports would count.
        Path("/proc/self/clear_refs").write_text("5")
        idle = resident("VmRSS")
        job.run()
        return {"kib": resident("VmHWM") - idle}


def resident(name: str) -> int:
    """A figure of the process's memory in KiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise KeyError(name)


def main() -> None:
    # Whatever a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    worker = Worker(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({"versions": worker.versions}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(worker, request["do"])(request)
        except Exception as error:  # A peer that cannot read a format says so in the table.
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
