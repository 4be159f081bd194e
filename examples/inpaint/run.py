"""A model in Python that takes any picture and any mask, and gives back the whole picture."""

from typing import Any

import cog_kit
import numpy as np
from cog import BaseRunner, Input, Path


class Runner(BaseRunner):
    """Fills the masked part of a picture."""

    def setup(self) -> None:
        """Loads the model; here it is the arithmetic below."""
        self.model = fill

    def run(
        self,
        image: Path = Input(description="Picture to repair: JPEG, PNG, WebP, GIF, AVIF or HEIC."),
        mask: Path = Input(description="White where the picture is to be filled: JPEG, PNG or WebP, as large as the picture, or smaller in its shape."),
        max_side: int = Input(description="Longest side that the model works on, in pixels.", default=512, ge=64, le=2048),
        seed: int | None = Input(description="Seed of the noise; the same seed repeats a result. Random by default.", default=None),
        output_format: str = Input(
            description="Format of the result: webp is small, jpg opens everywhere, png loses nothing.", choices=["webp", "jpg", "png"], default="webp"
        ),
        output_quality: int = Input(description="Quality of the result, for webp and jpg.", default=80, ge=0, le=100),
    ) -> Path:
        """Runs once for each request."""
        picture = cog_kit.prepare(image, max_side=max_side, multiple_of=8)
        where = cog_kit.mask(mask, like=picture)
        seed = cog_kit.seed(seed)
        print(f"seed {seed}, {picture.source_size} on {picture.size}")
        painted = self.model(picture.numpy(), where.numpy(), np.random.default_rng(seed))
        whole = picture.restore(painted, over=image)
        return Path(cog_kit.save(whole, format=output_format, quality=output_quality))


def fill(pixels: Any, where: Any, noise: np.random.Generator) -> Any:
    """The mean colour of what is kept, a little noisy, where the mask is white: (H, W, 3), (H, W) to (H, W, 3)."""
    kept = pixels[where == 0]
    colour = kept.mean(axis=0) if len(kept) else np.full(3, 128.0)
    painted = np.clip(colour + noise.normal(0, 2, pixels.shape), 0, 255)
    share = where[..., None] / 255
    return np.rint(pixels * (1 - share) + painted * share).astype(np.uint8)
