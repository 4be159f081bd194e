"""Serves a predictor, asks it once over HTTP and saves the picture that comes back."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any


def ask(url: str, body: dict[str, object] | None = None) -> Any:
    """The JSON that a GET, or a POST of `body`, answers with."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    """Returns once the server says READY."""
    while server.poll() is None:
        try:
            if ask(f"{url}/health-check")["status"] == "READY":
                return
        except OSError:
            pass
        time.sleep(0.002)
    sys.exit(f"the server ended with exit code {server.returncode}")


def main() -> None:
    """Serve, ask, save."""
    predictor, image, output = sys.argv[1:]
    url = f"http://127.0.0.1:{(port := free_port())}"
    start = time.perf_counter()
    environment = os.environ | {"COG_LOG_LEVEL": "error", "LOG_FORMAT": "console"}
    server = subprocess.Popen([predictor, "serve", "--host", "127.0.0.1", "--port", str(port)], env=environment)
    try:
        wait_until_ready(url, server)
        print(f"READY {(time.perf_counter() - start) * 1000:.0f} ms after the start")
        uri = "data:application/octet-stream;base64," + base64.b64encode(Path(image).read_bytes()).decode()
        answer = ask(f"{url}/predictions", {"input": {"image": uri, "max_side": 768, "multiple_of": 8}})
        if answer["status"] != "succeeded":
            sys.exit(f"the prediction failed: {answer.get('error')}")
        header, data = answer["output"].split(",", 1)
        Path(output).write_bytes(base64.b64decode(data))
        milliseconds = answer["metrics"]["predict_time"] * 1000
        print(f"POST /predictions -> {answer['status']} in {milliseconds:.0f} ms, {header},...")
        print(f"logs: {answer['logs'].strip()}")
        print(f"saved as {output}")
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    main()
