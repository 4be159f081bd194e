"""The predictor of `tests/predictors/twin.rs`, for the official server."""

import json
import time
from pathlib import Path as Local
from tempfile import mkdtemp
from typing import Any, Iterator, Optional

from cog import BaseModel, BaseRunner, Input, Path, current_scope, streaming


class Runner(BaseRunner):
    def run(
        self,
        act: str = Input(
            choices=["echo", "fail", "wait", "log", "metrics", "bad metric", "context", "large", "none", "length"]
        ),
        text: str = Input(default="", max_length=40, regex="^[^!]*$"),
        count: int = Input(default=1, ge=0, le=10),
        scale: float = Input(default=1.5, ge=0, le=2),
        flag: bool = Input(default=False),
        names: list[str] = Input(default=["a"]),
        mode: int = Input(default=1, choices=[1, 2]),
        note: Optional[str] = Input(default=None),
        file: Optional[Path] = Input(default=None),
        long: Optional[str] = Input(default=None),
        either: Optional[int | str] = Input(default=None),
        options: Optional[dict[str, Any]] = Input(default=None),
    ) -> Any:
        scope = current_scope()
        if act == "echo":
            fields = {"text": text, "count": count, "scale": scale, "flag": flag, "names": names, "mode": mode}
            return {**fields, "note": note, "either": either, "options": options}
        if act == "fail":
            raise ValueError("as you wish")
        if act == "wait":
            for _ in range(count * 100):
                time.sleep(0.01)
            return "waited"
        if act == "log":
            for index in range(count):
                print(f"line {index}")
            return "logged"
        if act == "metrics":
            scope.record_metric("tokens", 1, "increment")
            scope.record_metric("tokens", 2, "increment")
            scope.record_metric("temperature", 0.7)
            scope.record_metric("scores", 1, "append")
            scope.record_metric("scores", 2, "append")
            scope.record_metric("timing.encode", 0.25)
            return "measured"
        if act == "bad metric":
            scope.record_metric("a__b", 1)
        if act == "context":
            return json.dumps(scope.context, sort_keys=True)
        if act == "large":
            return "x" * (count << 20)
        if act == "length":
            return len(file.read_bytes()) if file else len(long or "")
        return None


class Streamer(BaseRunner):
    @streaming
    def run(
        self,
        what: str = Input(choices=["values", "fail"]),
        count: int = Input(default=3, ge=0, le=10),
    ) -> Iterator[str]:
        for index in range(count):
            if what == "fail" and index == 2:
                raise RuntimeError("midway")
            yield f"item {index}"


class Lister(BaseRunner):
    def run(self, count: int = Input(default=3, ge=0, le=10)) -> list[Path]:
        folder = Local(mkdtemp())
        files = []
        for index in range(count):
            file = folder / f"item{index}.txt"
            file.write_text(f"item {index}")
            files.append(Path(file))
        return files


class Trained(BaseModel):
    weights: Path
    steps: int


def train(
    act: str = Input(choices=["learn", "fail", "wait"]),
    dataset: Optional[Path] = Input(default=None),
    steps: int = Input(default=2, ge=0, le=10),
) -> Trained:
    if act == "fail":
        raise ValueError("as you wish")
    while act == "wait":
        time.sleep(0.01)
    for step in range(steps):
        print(f"step {step}")
    current_scope().record_metric("steps", steps)
    weights = Local(mkdtemp()) / "weights.txt"
    weights.write_text(str(len(dataset.read_bytes()) if dataset else 0))
    return Trained(weights=Path(weights), steps=steps)
