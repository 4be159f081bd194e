"""The Python example, served by Cog itself and asked over HTTP."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cog_kit
import pytest
from pictures import PHONE, PICTURES

pytest.importorskip("cog", reason="cog is not installed: the Python example is not served")
numpy = pytest.importorskip("numpy")

EXAMPLE = PICTURES.parents[1] / "examples" / "inpaint"


def uri(content: bytes) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(content).decode()


def ask(url: str, body: dict[str, object] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Cog starts its worker as `python`.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"COG_PREDICT_TYPE_STUB": "run.py:Runner", "PORT": str(port), "PATH": path}
    command = [sys.executable, "-m", "cog.server.http", "--host", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=EXAMPLE, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        status = "STARTING"
        while status == "STARTING" and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
            try:
                status = ask(f"{url}/health-check")["status"]
            except OSError:
                continue
        assert status == "READY"
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def predict(server: str, **fields: object) -> Any:
    return ask(f"{server}/predictions", {"input": fields})


@pytest.mark.parametrize(("output_format", "found"), [("webp", "WebP"), ("jpg", "JPEG"), ("png", "PNG")])
def test_what_was_masked_is_painted_and_the_rest_kept(server: str, output_format: str, found: str) -> None:
    # The right half of the upright picture, as an editor saves it: at half the size.
    half = numpy.zeros((600, 800), numpy.uint8)
    half[:, 400:] = 255
    mask = cog_kit.save(half, format="png").read_bytes()
    answer = predict(server, image=uri(PHONE.read_bytes()), mask=uri(mask), seed=7, output_format=output_format)
    assert answer["status"] == "succeeded", answer
    assert "seed 7, (1600, 1200) on (512, 384)" in answer["logs"]
    result = cog_kit.prepare(base64.b64decode(answer["output"].split(",", 1)[1]))
    assert (result.info.format, result.size) == (found, (1600, 1200))
    original = cog_kit.prepare(PHONE).numpy().astype(int)
    difference = numpy.abs(result.numpy() - original).mean(axis=2)
    assert difference[:, :780].mean() < 8
    assert result.numpy()[100:1100, 850:1550].std(axis=(0, 1)).max() < 5


def test_what_is_no_picture_fails_one_prediction(server: str) -> None:
    answer = predict(server, image=uri(b"no picture"), mask=uri(b"no mask"))
    assert answer["status"] == "failed"
    assert "not a picture in a known format" in answer["error"]
    # BUSY until the worker's slot is free again.
    assert ask(f"{server}/health-check")["status"] in ("READY", "BUSY")
