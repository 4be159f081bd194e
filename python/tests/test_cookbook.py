"""Every *after* of docs/cookbook.md, run."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cog_kit
import pytest
from pictures import PHONE, PICTURES

numpy = pytest.importorskip("numpy", reason="numpy is not installed: the cookbook is not tested")
pytest.importorskip("PIL.Image", reason="Pillow is not installed: the cookbook is not tested")

COOKBOOK = PICTURES.parents[1] / "docs" / "cookbook.md"
RECIPE = re.compile(r"^## (.+?)\n.*?```python before\n(.*?)```.*?```python after\n(.*?)```", re.MULTILINE | re.DOTALL)
RECIPES = {title: (before, after) for title, before, after in RECIPE.findall(COOKBOOK.read_text())}


def is_jpeg(path: Path) -> bool:
    return path.suffix == ".jpg" and cog_kit.info(path).format == "JPEG"


DISC = PICTURES / "disc_rgba.png"
GIVEN: dict[str, dict[str, Any]] = {
    "Transparent pictures": {"image": DISC},
    "A mask that lies on its picture": {"mask": PICTURES / "phone.jpg"},
    "Many pictures": {"images": [PHONE, DISC, PICTURES / "bomb.jpg", PHONE]},
    "Files that come out": {"results": [cog_kit.prepare(DISC)] * 2, "output_format": "jpg", "output_quality": 80},
    "Sizes from aspect ratios": {"aspect_ratio": "16:9"},
    "Seeds": {"seed": None},
}
EXPECTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "Photos that lie on their side": lambda made: made["picture"].shape == (1200, 1600, 3),
    "Transparent pictures": lambda made: made["picture"].getpixel((0, 0)) == (255, 255, 255),
    "Sides that are multiples of 8": lambda made: made["picture"].size == (1024, 768),
    "A mask that lies on its picture": lambda made: made["hole"].shape == (512, 512) and set(numpy.unique(made["hole"])) == {0, 255},
    "Back to the original size": lambda made: made["result"].shape == (1200, 1600, 3) and made["boxes"] == [(0, 0, 1600, 1200)],
    "Many pictures": lambda made: [picture.shape for picture in made["pictures"]] == [(224, 224, 3)] * 3,
    "Files that come out": lambda made: len({*made["paths"]}) == 2 and all(map(is_jpeg, made["paths"])),
    "Sizes from aspect ratios": lambda made: (made["width"], made["height"]) == (1360, 768),
    "Tensors": lambda made: made["tensor"].shape == (3, 384, 512) and made["tensor"].numpy().min() < -0.5,
    "Seeds": lambda made: 0 <= made["seed"] < 2**32,
}


def test_the_cookbook_has_ten_recipes() -> None:
    assert len(RECIPES) == 10
    assert RECIPES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("title", RECIPES)
def test_the_recipe_works(title: str) -> None:
    before, after = RECIPES[title]
    compile(before, title, "exec")
    made = {"cog_kit": cog_kit, "image": PHONE, "model": lambda pixels: pixels, **GIVEN.get(title, {})}
    exec(after, made)
    assert EXPECTED[title](made)
