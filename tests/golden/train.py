from cog import BaseModel, Input, Path


class TrainingOutput(BaseModel):
    weights: Path
    steps: int


def train(
    dataset: Path = Input(description="Lines of text."),
    output_format: str = Input(description="How to learn.", default="fast", choices=["fast", "slow"]),
    steps: int = Input(description="How many steps.", default=10, ge=1, le=100),
) -> TrainingOutput:
    pass
