"""Sends the same requests to the official server and to ours, and compares what comes back.

Usage: compare.py TWIN [--show], where TWIN is the program of `tests/predictors/twin.rs`. Run by `scripts/test-reference.sh`, in an environment that holds Cog.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from http.server import HTTPServer
from pathlib import Path
from typing import Any

from servers import Answer, Server, Sink, events, plain

HERE = Path(__file__).resolve().parent

# Where the two differ, and why. What is not listed is equal, ids and times set aside.
DIFFERENCES = [
    "Python's worker puts `Prediction failed: `, `Training failed: ` or `Generator iteration error: ` and the exception's type before an error; ours does not.",
    "The texts of refused metrics are our own; the same names and types are refused.",
    "`version` in /health-check: ours has no Python to tell the version of.",
    "The schema of both is ours: Python reads it from the file that `cog build` writes. That it is Cog's own is tested elsewhere, against Cog's documents.",
]


class Comparison:
    """Two servers with the same predictor, asked the same."""

    compared = 0
    wrong: list[str] = []

    def __init__(self, which: str, twin: str, sink: str, flags: tuple[str, ...] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "run.py").write_text((HERE / "run.py").read_text())
        (self.folder / ".cog").mkdir()
        schema = subprocess.run([twin, "schema"], env={**os.environ, "TWIN": which}, check=True, capture_output=True)
        (self.folder / ".cog/openapi_schema.json").write_bytes(schema.stdout)
        uploads = [flag.replace("{who}", "official") for flag in flags]
        python = [sys.executable, "-m", "cog.server.http", "--host", "127.0.0.1", *uploads]
        stubs = {"COG_PREDICT_TYPE_STUB": f"run.py:{which}", "COG_TRAIN_TYPE_STUB": "run.py:train"}
        self.official = Server("official", python, sink, stubs, self.folder)
        uploads = [flag.replace("{who}", "ours") for flag in flags]
        self.ours = Server("ours", [twin, "serve", "--host", "127.0.0.1", *uploads], sink, {"TWIN": which}, self.folder)

    def equal(self, what: str, official: Any, ours: Any) -> None:
        Comparison.compared += 1
        if "--show" in sys.argv:
            print(what, str(official)[:300])
        if official != ours:
            Comparison.wrong.append(f"{what}\n  official: {str(official)[:3000]}\n  ours:     {str(ours)[:3000]}")

    def both(self, what: str, work: Callable[[Server], Any]) -> None:
        found = []
        for server in (self.official, self.ours):
            server.idle()
            found.append(work(server))
        self.equal(what, *found)

    def ask(self, what: str, verb: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> None:
        def work(server: Server) -> Any:
            answer = server.ask(verb, path, body, headers)
            named = {name: answer.headers.get(name) for name in ("content-type", "allow", "cache-control")}
            return answer.status, named, plain(answer.body)

        self.both(what, work)

    def predict(self, what: str, input: Any, **more: Any) -> None:
        self.ask(what, "POST", "/predictions", {"input": input, **more})

    def seen(self, what: str, work: Callable[[Server], Any], count: int) -> None:
        """Compares what arrives at the sink."""

        def gather(server: Server) -> Any:
            seen = Sink.seen[server.who]
            seen.clear()
            answer = work(server)
            limit = time.monotonic() + 10
            while len(seen) < count and time.monotonic() < limit:
                time.sleep(0.01)
            sent = sorted(json.dumps(plain(list(entry)), sort_keys=True) for entry in seen)
            return answer.status, plain_urls(plain(answer.body)), sent

        self.both(what, gather)

    def both_end(self) -> None:
        """Compares how the two end by themselves."""
        self.equal("exit code", self.official.process.wait(timeout=30), self.ours.process.wait(timeout=30))

    def stop(self) -> None:
        self.equal("exit code after SIGTERM", self.official.stop(), self.ours.stop())


def plain_urls(body: Any) -> Any:
    """Uploads are listed as they end, under the name of their server."""
    if isinstance(body, dict) and isinstance(body.get("output"), list):
        return {
            **body,
            "output": sorted(str(item).replace("/official/", "/").replace("/ours/", "/") for item in body["output"]),
        }
    return body


def runner(twin: str, sink: str) -> None:
    pair = Comparison("Runner", twin, sink)
    pair.ask("root", "GET", "/", None)
    for path in ("/openapi.json", "/docs", "/nothing", "/predictions/x"):
        pair.ask(path, "GET", path)
    for verb, path in (
        ("GET", "/predictions"),
        ("DELETE", "/predictions/x"),
        ("POST", "/health-check"),
        ("GET", "/shutdown"),
    ):
        pair.ask(f"{verb} {path}", verb, path)
    pair.both("health", lambda server: plain(server.ask("GET", "/health-check").body["status"]))

    data = "data:text/plain;base64,aGVsbG8="
    for what, input in {
        "defaults": {"act": "echo"},
        "every field": {
            "act": "echo",
            "text": "ü",
            "count": 3,
            "scale": 0.5,
            "flag": True,
            "names": ["x", "y"],
            "mode": 2,
            "note": "n",
        },
        "an integer as a number": {"act": "echo", "scale": 2},
        "a float as an integer": {"act": "echo", "count": 1.5},
        "an empty list": {"act": "echo", "names": []},
        "unknown fields": {"act": "echo", "other": 1, "__proto__": {}},
        "nothing": {},
        "null": None,
        "null for a text": {"act": "echo", "text": None},
        "null for an optional": {"act": "echo", "note": None},
        "null for a file": {"act": "echo", "file": None},
        "a number for a union": {"act": "echo", "either": 3},
        "a text for a union": {"act": "echo", "either": "3"},
        "a float for a union": {"act": "echo", "either": 3.5},
        "a list for a union": {"act": "echo", "either": [3]},
        "null for a union": {"act": "echo", "either": None},
        "an object": {"act": "echo", "options": {"a": [1, {"b": None}]}},
        "a list for an object": {"act": "echo", "options": [1]},
        "a URL for a text": {"act": "echo", "text": "https://files.invalid/a", "names": ["https://files.invalid/b"]},
        "a number for a text": {"act": "echo", "text": 1},
        "a text for a number": {"act": "echo", "count": "1"},
        "a boolean for a number": {"act": "echo", "count": True},
        "a number for a boolean": {"act": "echo", "flag": 1},
        "a text for a list": {"act": "echo", "names": "a"},
        "a wrong item": {"act": "echo", "names": ["a", 1]},
        "two wrong items": {"act": "echo", "names": [1, None]},
        "too small": {"act": "echo", "count": -1},
        "too large": {"act": "echo", "count": 11},
        "a float too large": {"act": "echo", "scale": 2.5},
        "a huge integer": {"act": "echo", "count": 10**23},
        "too long": {"act": "echo", "text": "x" * 41},
        "against the pattern": {"act": "echo", "text": "no!"},
        "no such choice": {"act": "dance"},
        "no such number": {"act": "echo", "mode": 3},
        "several faults": {"act": "dance", "count": 11, "flag": "x"},
        "an error": {"act": "fail"},
        "logs": {"act": "log", "count": 3},
        "metrics": {"act": "metrics"},
        "no output": {"act": "none"},
        "a file": {"act": "length", "file": data},
        "a file that is not base64": {"act": "length", "file": "data:text/plain,hello"},
        "7 MiB in": {"act": "length", "long": "x" * (7 << 20)},
        "9 MiB out": {"act": "large", "count": 9},
    }.items():
        pair.predict(what, input)
    pair.both(
        "a bad metric fails",
        lambda server: server.ask("POST", "/predictions", {"input": {"act": "bad metric"}}).body["status"],
    )
    pair.predict("context", {"act": "context"}, context={"b": "2", "a": "1"})
    pair.predict("no context", {"act": "context"})
    pair.predict("an id of our own", {"act": "echo"}, id="mine")
    pair.predict("other keys", {"act": "echo"}, output_file_prefix="http://x", created_at="now")
    for what, body in {
        "input is a list": {"input": [1]},
        "input is a text": {"input": "x"},
        "id is a number": {"id": 1, "input": {"act": "echo"}},
        "context of numbers": {"input": {"act": "echo"}, "context": {"a": 1}},
        "an unknown event": {"input": {"act": "echo"}, "webhook_events_filter": ["never"]},
        "a body that is a list": [1],
    }.items():
        pair.ask(what, "POST", "/predictions", body)
    pair.ask("no JSON", "POST", "/predictions", "{", {"content-type": "application/json"})
    pair.ask("no content type", "POST", "/predictions", '{"input": {"act": "echo"}}')
    pair.ask("another content type", "POST", "/predictions", "{}", {"content-type": "text/plain"})
    pair.ask("no body", "POST", "/predictions")
    pair.ask("trainings", "POST", "/trainings", {"input": {"act": "echo"}})

    echo = {"input": {"act": "echo"}}
    pair.ask("put", "PUT", "/predictions/one", echo)
    pair.ask("put again", "PUT", "/predictions/one", echo)
    pair.ask("put with another id", "PUT", "/predictions/one", {"id": "two", **echo})
    pair.ask("async", "POST", "/predictions", echo, {"prefer": "respond-async"})
    pair.ask("async, put", "PUT", "/predictions/three", echo, {"prefer": "respond-async"})
    pair.ask("another preference", "POST", "/predictions", echo, {"prefer": "wait=5"})
    pair.ask("cancel of nothing", "POST", "/predictions/nobody/cancel")
    pair.ask("events from a predictor without", "POST", "/predictions", echo, {"accept": "text/event-stream"})

    def canceled(server: Server) -> Any:
        answers: list[Answer] = []
        waiting = {"input": {"act": "wait", "count": 10}}
        thread = threading.Thread(target=lambda: answers.append(server.ask("PUT", "/predictions/long", waiting)))
        thread.start()
        while server.ask("GET", "/health-check").body["status"] != "BUSY":
            time.sleep(0.01)
        time.sleep(0.1)
        joined = server.ask("PUT", "/predictions/long", waiting)
        busy = server.ask("POST", "/predictions", {"input": {"act": "echo"}})
        cancel = server.ask("POST", "/predictions/long/cancel").status
        thread.join()
        return (
            joined.status,
            plain(joined.body),
            busy.status,
            busy.body,
            cancel,
            answers[0].status,
            plain(answers[0].body),
        )

    pair.both("joined, at capacity, canceled", canceled)

    hook = {"webhook": "{sink}/hook"}
    for what, filter, count in (
        ("all", None, 3),
        ("completed", ["completed"], 1),
        ("start", ["start"], 1),
        ("output", ["output"], 1),
    ):
        more = hook if filter is None else {**hook, "webhook_events_filter": filter}
        pair.seen(f"webhook {what}", lambda server: server.ask("POST", "/predictions", {**echo, **more}), count)
    pair.seen("webhook of a failure", lambda server: server.ask("POST", "/predictions", {"input": {"act": "fail"}, **hook}), 2)
    headers = {"prefer": "respond-async"}
    pair.seen("webhook, async", lambda server: server.ask("POST", "/predictions", {**echo, **hook}, headers), 3)
    pair.ask("shutdown", "POST", "/shutdown")
    pair.both_end()


def streamer(twin: str, sink: str) -> None:
    pair = Comparison("Streamer", twin, sink)
    for count in (0, 1, 3):
        pair.predict(f"{count} items", {"what": "values", "count": count})
    pair.predict("a stream that breaks", {"what": "fail"})
    for what, input in {
        "values": {"what": "values"},
        "none": {"what": "values", "count": 0},
        "a failure": {"what": "fail"},
    }.items():

        def stream(server: Server) -> Any:
            answer = server.ask("POST", "/predictions", {"input": input}, {"accept": "text/event-stream"})
            return answer.status, answer.headers["content-type"], answer.headers["cache-control"], events(answer.body)

        pair.both(f"events of {what}", stream)
    pair.ask("events of bad input", "POST", "/predictions", {"input": {"count": -1}}, {"accept": "text/event-stream"})
    hook = {"webhook": "{sink}/hook", "webhook_events_filter": ["output", "completed"]}
    pair.seen("webhooks of items", lambda server: server.ask("POST", "/predictions", {"input": {"what": "values"}, **hook}), 4)
    pair.stop()


def lister(twin: str, sink: str) -> None:
    pair = Comparison("Lister", twin, sink)
    for count in (0, 1, 3):
        pair.predict(f"{count} files", {"count": count})
    pair.stop()
    pair = Comparison("Lister", twin, sink, ("--upload-url", f"{sink}/{{who}}/files"))
    pair.seen("uploads", lambda server: server.ask("POST", "/predictions", {"input": {"count": 3}}), 3)
    pair.seen("one upload", lambda server: server.ask("POST", "/predictions", {"input": {"count": 1}}), 1)
    pair.stop()


def trainer(twin: str, sink: str) -> None:
    pair = Comparison("Trained", twin, sink, ("--x-mode", "train"))
    for path in ("/", "/openapi.json"):
        pair.ask(f"{path} of a trainer", "GET", path)
    for what, input in {
        "defaults": {"act": "learn"},
        "every field": {"act": "learn", "dataset": "data:text/plain;base64,aGVsbG8=", "steps": 3},
        "unknown fields": {"act": "learn", "count": 3},
        "nothing": {},
        "a failure": {"act": "fail"},
        "no such choice": {"act": "dance"},
        "too many steps": {"act": "learn", "steps": 11},
        "wrong types": {"act": 1, "dataset": 1, "steps": "2"},
    }.items():
        pair.ask(f"training: {what}", "POST", "/trainings", {"input": input})
    learn = {"input": {"act": "learn"}}
    pair.ask("training: put", "PUT", "/trainings/one", learn)
    pair.ask("training: put with another id", "PUT", "/trainings/one", {"id": "two", **learn})
    pair.ask("training: async", "POST", "/trainings", learn, {"prefer": "respond-async"})
    pair.ask("training: events", "POST", "/trainings", learn, {"accept": "text/event-stream"})
    pair.ask("training: cancel of nothing", "POST", "/trainings/nobody/cancel")
    pair.ask("training: get", "GET", "/trainings")
    hook = {"webhook": "{sink}/hook", "webhook_events_filter": ["start", "output", "completed"]}
    pair.seen("webhooks of a training", lambda server: server.ask("POST", "/trainings", {**learn, **hook}), 3)

    def canceled(server: Server) -> Any:
        answers: list[Answer] = []
        waiting = {"input": {"act": "wait"}}
        thread = threading.Thread(target=lambda: answers.append(server.ask("PUT", "/trainings/long", waiting)))
        thread.start()
        while thread.is_alive():
            server.ask("POST", "/trainings/long/cancel")
            time.sleep(0.1)
        return answers[0].status, plain(answers[0].body)

    pair.both("training: canceled", canceled)
    pair.stop()


def main() -> None:
    twin = str(Path(sys.argv[1]).resolve())
    server = HTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sink = f"http://127.0.0.1:{server.server_port}"
    for part in (runner, streamer, lister, trainer):
        part(twin, sink)
    print(f"{Comparison.compared} answers compared, {len(Comparison.wrong)} differ")
    for difference in DIFFERENCES:
        print(f"  set aside: {difference}")
    for wrong in Comparison.wrong:
        print(f"- {wrong}")
    if Comparison.wrong or Comparison.compared < 60:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
