"""The hello predictor of `examples/02_hello.rs`, for the official server."""

from cog import BaseRunner, Input


class Runner(BaseRunner):
    def run(self, name: str = Input(default="world", max_length=200)) -> str:
        return f"hello {name}"
