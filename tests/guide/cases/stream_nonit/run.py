from cog import BaseRunner, Input, streaming


class Runner(BaseRunner):
    @streaming
    def run(self, prompt: str = Input(description="What to write about, in plain words.")) -> str:
        """Answer a question."""
        return "a"
