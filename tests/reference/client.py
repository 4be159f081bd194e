"""Replicate's own Python client, pointed at our server: create, wait, run, stream, cancel, train.

Usage: client.py TWIN, where TWIN is the program of `tests/predictors/twin.rs`. Run by `scripts/test-reference.sh`, in an environment that holds `replicate`.

The client speaks to Replicate's API, which stands between it and a model's server: it gives ids, remembers predictions, and adds `/v1`. `Gateway` does that
much and no more; what the client is told comes from our server. Its `GET /v1/predictions/{id}` is answered from webhooks, for Cog's server has no such route.
"""

import atexit
import io
import json
import sys
import tempfile
import threading
import time
from http.server import HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import replicate
from replicate.exceptions import ModelError, ReplicateError
from servers import Server, Sink


class Gateway(httpx.BaseTransport):
    """The part of Replicate's API that the client uses, in front of one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.inner = httpx.HTTPTransport()
        self.asked: dict[str, dict[str, Any]] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        parts = request.url.path.strip("/").split("/")
        match request.method, parts:
            case "POST", ["v1", "predictions"] | ["v1", "models", _, _, "predictions"]:
                return self.create("predictions", request)
            case "POST", ["v1", "models", _, _, "versions", _, "trainings"]:
                return self.create("trainings", request)
            case "GET", ["v1", "models", _, _, "versions", version]:
                schema = self.server.ask("GET", "/openapi.json").body
                fields = {"created_at": "2026-01-01T00:00:00Z", "cog_version": schema["info"]["version"]}
                return httpx.Response(200, json={"id": version, "openapi_schema": schema, **fields})
            case "GET", ["v1", "predictions" | "trainings", id]:
                return httpx.Response(200, json=self.snapshot(id))
            case "POST", ["v1", "predictions" | "trainings" as kind, id, "cancel"]:
                answer = self.server.ask("POST", f"/{kind}/{id}/cancel")
                return httpx.Response(answer.status, json=self.snapshot(id))
            case "GET", ["stream", id]:
                return self.stream(id)
        raise AssertionError(f"the client asked for {request.method} {request.url}")

    def create(self, kind: str, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        id = uuid4().hex
        self.asked[id] = {"id": id, "model": "o/n", "version": body.get("version", "v"), "input": body["input"], "logs": ""}
        self.asked[id]["urls"] = {"stream": f"http://gateway/stream/{id}"}
        if body.get("stream"):
            # It starts when somebody listens.
            return httpx.Response(201, json={**self.asked[id], "status": "starting"})
        headers = {} if "wait" in request.headers.get("prefer", "") else {"prefer": "respond-async"}
        wanted = {"input": body["input"], "webhook": f"{{sink}}/{id}"}
        answer = self.server.ask("PUT", f"/{kind}/{id}", wanted, headers)
        if answer.status >= 400:
            return httpx.Response(answer.status, json={"title": "refused", "detail": json.dumps(answer.body)})
        return httpx.Response(201, json={**self.asked[id], **answer.body})

    def snapshot(self, id: str) -> dict[str, Any]:
        told = [content for _, path, _, content in list(Sink.seen[self.server.who]) if path == id]
        # Webhooks may overtake each other; what is over stays over.
        told.sort(key=lambda content: content["status"] in ("succeeded", "failed", "canceled"))
        return {**self.asked[id], "status": "starting", **(told[-1] if told else {})}

    def stream(self, id: str) -> httpx.Response:
        """Cog's events as Replicate's: the same items under other names."""
        url = f"http://127.0.0.1:{self.server.port}/predictions/{id}"
        events = {"accept": "text/event-stream"}
        request = httpx.Request("PUT", url, json={"input": self.asked[id]["input"]}, headers=events)
        cog = self.inner.handle_request(request)
        assert cog.headers["content-type"] == "text/event-stream", cog.headers
        blocks = b"".join(cog.stream).decode().strip().split("\n\n")  # type: ignore[arg-type]
        lines = []
        for number, block in enumerate(blocks):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
            data = json.loads(fields["data"])
            if fields["event"] == "output":
                lines.append(f"event: output\nid: {number}\ndata: {data['chunk']}\n\n")
            if fields["event"] == "completed":
                lines.append(f"event: done\nid: {number}\ndata: {{}}\n\n")
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, text="".join(lines))


def start(twin: str, which: str, sink: str, *flags: str) -> tuple[Server, replicate.Client]:
    server = Server("ours", [twin, "serve", "--host", "127.0.0.1", *flags], sink, {"TWIN": which}, Path(tempfile.mkdtemp()))
    atexit.register(server.process.kill)
    client = replicate.Client(api_token="none", base_url="http://gateway", transport=Gateway(server))
    client.poll_interval = 0.02
    return server, client


def predictions(twin: str, sink: str) -> None:
    server, client = start(twin, "Runner", sink)
    prediction = client.predictions.create("v", {"act": "echo", "text": "hello"})
    assert prediction.status == "starting", prediction
    prediction.wait()
    assert prediction.status == "succeeded" and prediction.output["text"] == "hello", prediction
    assert prediction.metrics["predict_time"] > 0, prediction

    server.idle()
    waited = client.predictions.create("v", {"act": "log", "count": 2}, wait=True)
    assert (waited.status, waited.logs) == ("succeeded", "line 0\nline 1\n"), waited

    server.idle()
    output = client.run("o/n:v", {"act": "length", "file": io.BytesIO(b"12345")}, file_encoding_strategy="base64")
    assert output == 5, output

    server.idle()
    try:
        client.run("o/n:v", {"act": "fail"})
        raise AssertionError("a prediction that fails did not raise")
    except ModelError as error:
        assert error.prediction.error == "as you wish", error

    try:
        client.predictions.create("v", {"act": "dance"})
        raise AssertionError("bad input did not raise")
    except ReplicateError as error:
        assert error.status == 422 and "act" in str(error.detail), error

    server.idle()
    long = client.predictions.create("v", {"act": "wait", "count": 10})
    while server.ask("GET", "/health-check").body["status"] != "BUSY":
        time.sleep(0.01)
    long.cancel()
    long.wait()
    assert long.status == "canceled", long
    assert server.stop() == 0


def streams(twin: str, sink: str) -> None:
    server, client = start(twin, "Streamer", sink)
    pieces = [str(event) for event in client.stream("o/n:v", input={"what": "values"})]
    assert pieces == ["item 0", "item 1", "item 2", ""], pieces
    server.idle()
    # The client learns from our schema that this output iterates.
    assert list(client.run("o/n:v", {"what": "values", "count": 2})) == ["item 0", "item 1"]
    assert server.stop() == 0


def files(twin: str, sink: str) -> None:
    server, client = start(twin, "Lister", sink)
    assert [file.read() for file in client.run("o/n:v", {"count": 2})] == [b"item 0", b"item 1"]
    assert server.stop() == 0


def trainings(twin: str, sink: str) -> None:
    server, client = start(twin, "Trained", sink, "--x-mode", "train")
    training = client.trainings.create("o/n:v", {"act": "learn", "steps": 3}, destination="o/trained")
    while training.status not in ("succeeded", "failed", "canceled"):
        time.sleep(0.02)
        training.reload()
    assert training.status == "succeeded" and training.output["steps"] == 3, training
    assert training.output["weights"].startswith("data:text/plain;base64,"), training
    assert server.stop() == 0


def main() -> None:
    twin = str(Path(sys.argv[1]).resolve())
    sink = HTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    parts = (predictions, streams, files, trainings)
    for part in parts:
        part(twin, f"http://127.0.0.1:{sink.server_port}")
    print(f"replicate's client: {', '.join(part.__name__ for part in parts)} as the client expects them")


if __name__ == "__main__":
    main()
