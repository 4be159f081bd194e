"""Runs the rows: every peer in processes of its own, in turns, so that a machine whose speed drifts slows them alike."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from reference import psnr, reference
from rows import Row

HERE = Path(__file__).resolve().parent
OURS, PURE = "cog-kit", "cog-kit, pure Rust"
PILLOW, SIMD, ALLSIMD, OPENCV, LIBVIPS = "Pillow", "Pillow-SIMD", "Pillow-AllSIMD", "OpenCV", "libvips"
DECODE = "libjpeg-turbo alone"


@dataclass(frozen=True)
class Peer:
    """A peer's name, the module that drives it, and the environment that holds it."""

    name: str
    module: str
    environment: str


PEERS = [
    Peer(OURS, "with_cog_kit", "peers"),
    Peer(PURE, "with_cog_kit", "pure"),
    Peer(PILLOW, "with_pillow", "peers"),
    Peer(SIMD, "with_pillow", "simd"),
    Peer(ALLSIMD, "with_pillow", "allsimd"),
    Peer(OPENCV, "with_opencv", "peers"),
    Peer(LIBVIPS, "with_libvips", "peers"),
    Peer(DECODE, "with_simplejpeg", "peers"),
]


@dataclass
class Results:
    """What was found, by row, peer and threads."""

    rows: list[Row] = field(default_factory=list)
    seconds: dict[tuple[str, str, int], list[float]] = field(default_factory=dict)
    decibels: dict[tuple[str, str], float] = field(default_factory=dict)
    bytes: dict[tuple[str, str], int] = field(default_factory=dict)
    kib: dict[tuple[str, str], float] = field(default_factory=dict)
    unable: dict[tuple[str, str], str] = field(default_factory=dict)
    versions: dict[str, dict[str, str]] = field(default_factory=dict)

    def median(self, row: Row, peer: str, threads: int) -> float | None:
        """Seconds."""
        found = self.seconds.get((row.name, peer, threads))
        return statistics.median(found) if found else None

    def spread(self, row: Row, peer: str, threads: int) -> float:
        """Seconds between the quartiles."""
        found = self.seconds[row.name, peer, threads]
        low, _, high = statistics.quantiles(found, n=4, method="inclusive") if len(found) > 1 else (0.0, 0.0, 0.0)
        return high - low

    def ratio(self, row: Row, peer: str, threads: int, to: str = OURS) -> float | None:
        """How many times as long a peer takes as `to`."""
        theirs, ours = self.median(row, peer, threads), self.median(row, to, threads)
        return theirs / ours if theirs and ours else None


class Worker:
    """A peer's process."""

    def __init__(self, bench: Path, peer: Peer, threads: int, cores: int) -> None:
        """Starts it and waits until it has imported everything."""
        self.peer = peer
        told = {"VIPS_CONCURRENCY": str(threads), "COG_KIT_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
        command = [str(bench / peer.environment / "bin" / "python"), str(HERE / "worker.py"), peer.module, str(threads), str(cores)]
        self.process = subprocess.Popen(command, env={**os.environ, **told}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.versions: dict[str, str] = self.answer()["versions"]

    def ask(self, what: str, **request: Any) -> dict[str, Any]:
        """What it answers."""
        assert self.process.stdin
        print(json.dumps({"do": what, **request}), file=self.process.stdin, flush=True)
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """Its next line."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.peer.name} ended with {self.process.wait()}")
        return json.loads(line)  # type: ignore[no-any-return]

    def close(self) -> None:
        """Ends it."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


class Bench:
    """The peers that are installed, their processes, and what was found so far."""

    def __init__(self, bench: Path, rounds: int) -> None:
        """Starts nothing yet."""
        self.bench, self.rounds, self.results = bench, rounds, Results()
        self.workers: dict[tuple[str, int, int], Worker] = {}
        self.peers = [peer for peer in PEERS if (bench / peer.environment / "bin" / "python").exists()]
        memory = Path("/dev/shm")
        # Saved files are timed without the disk; the folder goes when the process ends, however it ends.
        self.temporary = tempfile.TemporaryDirectory(prefix="cog-kit-bench-", dir=memory if os.access(memory, os.W_OK) else bench)
        self.scratch = Path(self.temporary.name)

    def worker(self, peer: Peer, threads: int, cores: int) -> Worker:
        """The peer's process that works so."""
        key = (peer.name, threads, cores)
        if key not in self.workers:
            self.workers[key] = Worker(self.bench, peer, threads, cores)
            self.results.versions[peer.name] = self.workers[key].versions
        return self.workers[key]

    def run(self, row: Row) -> None:
        """Times a row, in as many rounds as asked for; whoever comes first in one round comes second in the next."""
        self.results.rows.append(row)
        lanes = [lane for peer in self.peers for threads in row.threads if (lane := self.lane(row, peer, threads))]
        # A batch is longer than most noise.
        rounds = max(3, self.rounds // 3) if row.job == "batch" else self.rounds
        for number in range(rounds):
            first = number % max(1, len(lanes))
            for peer, threads, worker, request in lanes[first:] + lanes[:first]:
                self.results.seconds.setdefault((row.name, peer.name, threads), []).append(worker.ask("time", slot=request["slot"])["seconds"])
        for peer, threads, worker, request in lanes:
            if threads == row.threads[-1] and row.job != "batch":
                self.judge(row, peer, worker, request)

    def lane(self, row: Row, peer: Peer, threads: int) -> tuple[Peer, int, Worker, dict[str, Any]] | None:
        """A peer that has done the row once, if it can."""
        if peer.name == DECODE and row.group != "small":
            return None
        # A batch uses threads for many pictures and one for each; one process does it both ways.
        worker = self.worker(peer, 1, 2) if row.job == "batch" else self.worker(peer, threads, threads)
        request = row.request(threads, self.scratch)
        answer = worker.ask("load", **request)
        if "error" in answer:
            self.results.unable[row.name, peer.name] = answer["error"]
            print(f"{row.name}: {peer.name} cannot: {answer['error']}", file=sys.stderr)
            return None
        if "shape" in answer:
            height, width, _ = answer["shape"]
            close = abs(width - row.fitted[0]) <= 1 and abs(height - row.fitted[1]) <= 1
            assert close, f"{row.name}: {peer.name} made {width} x {height}, expected {row.fitted}"
        return peer, threads, worker, request

    def judge(self, row: Row, peer: Peer, worker: Worker, request: dict[str, Any]) -> None:
        """Measures how good the result is, and how large a saved one."""
        key = (row.name, peer.name)
        if row.job == "save":
            saved = Path(request["path"])
            worker.ask("keep", slot=request["slot"])
            self.results.bytes[key] = saved.stat().st_size
            self.results.decibels[key] = psnr(np.asarray(Image.open(saved).convert("RGB")), np.load(row.files[0]))
            saved.unlink()
            return
        kept = self.scratch / "pixels.npy"
        worker.ask("keep", slot=request["slot"], path=str(kept))
        pixels = np.load(kept)
        expected = reference(row.files[0], (pixels.shape[1], pixels.shape[0]), self.bench / "references")
        self.results.decibels[key] = psnr(pixels, expected)

    def remember(self, warm: Row, row: Row) -> None:
        """Measures the memory of a row, each time in a fresh process."""
        self.results.rows.append(row)
        for peer in self.peers:
            if peer.name == DECODE:
                continue
            found = []
            for _ in range(max(1, self.rounds // 3)):
                worker = Worker(self.bench, peer, 2, 2)
                self.results.versions[peer.name] = worker.versions
                found.append(worker.ask("peak", warm=warm.request(2, self.scratch), **row.request(2, self.scratch)))
                worker.close()
            if errors := [answer["error"] for answer in found if "error" in answer]:
                self.results.unable[row.name, peer.name] = errors[0]
                continue
            self.results.kib[row.name, peer.name] = statistics.median(answer["kib"] for answer in found)

    def close(self) -> None:
        """Ends every process."""
        for worker in self.workers.values():
            worker.close()
        self.temporary.cleanup()


def geometric(found: Iterable[float | None]) -> float | None:
    """The geometric mean of what there is."""
    numbers = [number for number in found if number]
    return statistics.geometric_mean(numbers) if numbers else None
