from cog import BaseRunner


class Runner(BaseRunner):
    def run(self, a: str = "x", b: str) -> str:
        """Join."""
        return a + b
