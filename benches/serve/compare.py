"""Measures our server beside the official one, in turns: time to READY, latency, resident memory of all processes.

Usage: compare.py HELLO, where HELLO is the release build of `examples/02_hello.rs`. Run by `scripts/bench-serve.sh`, in an environment that holds Cog.
"""

import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROUNDS = 5
WARM_UP = 100
REQUESTS = 1000

# What is promised: ready ten times as fast, 0.7 of the latency, 0.35 of the memory.
PROMISED = {"ready": 0.1, "p50": 0.7, "memory": 0.35}


def status(port: int) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health-check")
        return str(json.load(connection.getresponse())["status"])
    except OSError:
        return "UNKNOWN"
    finally:
        connection.close()


def predict(connection: HTTPConnection) -> float:
    """Seconds from the request to the whole answer."""
    body = json.dumps({"input": {"name": "Ada"}})
    while True:
        start = time.perf_counter()
        connection.request("POST", "/predictions", body, {"content-type": "application/json"})
        response = connection.getresponse()
        answer = json.load(response)
        seconds = time.perf_counter() - start
        if response.status == 200:
            assert answer["output"] == "hello Ada", answer
            return seconds
        # The slot is not free yet; the engine answers a moment before it is.
        assert response.status == 409, answer


def resident(root: int) -> int:
    """Resident memory of a process and all below it, in KiB."""
    parents: dict[int, int] = {}
    memory: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                lines = (entry / "status").read_text().splitlines()
            except OSError:
                continue
            fields = dict(line.split(":", 1) for line in lines if ":" in line)
            parents[int(entry.name)] = int(fields["PPid"])
            memory[int(entry.name)] = int(fields.get("VmRSS", "0 kB").split()[0])
    family = {root}
    while len(family) < len(family := family | {pid for pid, parent in parents.items() if parent in family}):
        pass
    return sum(memory.get(pid, 0) for pid in family)


def measure(command: list[str], variables: dict[str, str], folder: str) -> dict[str, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "COG_LOG_LEVEL": "error", **variables}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.DEVNULL)
    try:
        while status(port) != "READY":
            time.sleep(0.001)
        ready = time.perf_counter() - start
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        for _ in range(WARM_UP):
            predict(connection)
        seconds = [predict(connection) for _ in range(REQUESTS)]
        memory = resident(process.pid)
    finally:
        process.terminate()
        process.wait()
    return {"ready": ready, "p50": statistics.median(seconds), "memory": memory / 1024}


def main() -> None:
    hello = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run.py").write_text((HERE / "run.py").read_text())
        (Path(folder) / ".cog").mkdir()
        schema = subprocess.run([hello, "schema"], check=True, capture_output=True).stdout
        (Path(folder) / ".cog/openapi_schema.json").write_bytes(schema)
        python = [sys.executable, "-m", "cog.server.http", "--host", "127.0.0.1"]
        official, ours = [], []
        for _ in range(ROUNDS):
            official.append(measure(python, {"COG_PREDICT_TYPE_STUB": "run.py:Runner"}, folder))
            ours.append(measure([hello, "serve", "--host", "127.0.0.1"], {}, folder))
    print(f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; median of {ROUNDS} rounds")
    print("| | official | ours | ratio | promised |\n| --- | --- | --- | --- | --- |")
    kept = True
    for name, title, scale in (
        ("ready", "time to READY, ms", 1e3),
        ("p50", "p50 latency, ms", 1e3),
        ("memory", "resident memory, MiB", 1),
    ):
        theirs, own = (statistics.median(run[name] for run in runs) * scale for runs in (official, ours))
        kept = kept and own / theirs <= PROMISED[name]
        print(f"| {title} | {theirs:.2f} | {own:.2f} | {own / theirs:.3f} | {PROMISED[name]} |")
    raise SystemExit(0 if kept else 1)


if __name__ == "__main__":
    main()
