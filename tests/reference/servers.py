"""Servers for the comparison, and what is left of their answers when ids and times are set aside."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: Any


class Sink(BaseHTTPRequestHandler):
    """Takes webhooks and uploads, and remembers them by the server that they come from."""

    seen: dict[str, list[Any]] = {"official": [], "ours": []}

    def receive(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        who = self.path.split("/")[1]
        rest = self.path.split("/", 2)[2]
        text = body.decode()
        content = json.loads(text) if self.headers.get("content-type") == "application/json" else text
        self.seen[who].append((self.command, rest, self.headers.get("content-type"), content))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    do_POST = do_PUT = receive

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server:
    """A server process, and how to talk to it."""

    def __init__(self, who: str, command: list[str], sink: str, variables: dict[str, str], folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.who = who
        self.sink = f"{sink}/{who}"
        environment = {**os.environ, "PORT": str(self.port), "COG_LOG_LEVEL": "error", **variables}
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        self.process = subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            try:
                if self.ask("GET", "/health-check").body["status"] not in ("STARTING", "UNKNOWN"):
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise SystemExit(f"{who} did not start")

    def ask(self, verb: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body).replace("{sink}", self.sink)
            headers.setdefault("content-type", "application/json")
        connection.request(verb, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        kept = {name.lower(): value for name, value in response.getheaders()}
        connection.close()
        if kept.get("content-type", "").startswith("application/json"):
            return Answer(response.status, kept, json.loads(text))
        return Answer(response.status, kept, text)

    def idle(self) -> None:
        """Waits until the slot is free: the engine answers a moment before it is."""
        while self.ask("GET", "/health-check").body["status"] == "BUSY":
            time.sleep(0.005)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=30)


VOLATILE = {"id", "predict_time", "started_at", "completed_at", "version"}


def plain(value: Any) -> Any:
    """A body without what differs from run to run, and without the prefixes that Python adds."""
    if isinstance(value, dict):
        return {name: "…" if name in VOLATILE else plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str):
        return re.sub(r"^(Prediction failed: |Training failed: |Generator iteration error: |ValueError: |RuntimeError: )+", "", value)
    return value


def events(text: str) -> list[Any]:
    """The events of a stream, in order."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if "event" in lines:
            found.append((lines["event"], plain(json.loads(lines["data"]))))
    return found
