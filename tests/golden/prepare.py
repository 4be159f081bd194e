from cog import BaseRunner, Input, Path


class Runner(BaseRunner):
    def run(
        self,
        image: Path = Input(
            description="The picture to prepare: JPEG, PNG, GIF, WebP and more, transparent ones too.",
            accept="image/*",
        ),
        max_side: int = Input(
            description="Longest side of the result in pixels. Smaller pictures are never enlarged. Best results between 512 and 2048.",
            default=1024,
            ge=16,
            le=8192,
        ),
        multiple_of: int = Input(
            description="Both sides of the result become multiples of this many pixels. Most models work best with 8 or 16; with 1, no side is changed.",
            default=8,
            ge=1,
            le=256,
        ),
        output_format: str = Input(
            description="File format of the result: webp is small, jpg opens everywhere, png keeps every pixel as it is.",
            default="webp",
            choices=["webp", "jpg", "png"],
        ),
    ) -> Path:
        pass
