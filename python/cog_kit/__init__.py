"""Any picture in, the right pixels out: image preparation for predict.py."""

from cog_kit._batch import prepare_many
from cog_kit._native import (
    CogKitError,
    Finding,
    GuideError,
    ImageError,
    Info,
    Limits,
    Pixels,
    Prepared,
    Tensor,
    __version__,
    check,
    frames,
    info,
    mask,
    plan_size,
    prepare,
    save,
)
from cog_kit._seed import seed

__all__ = [
    "CogKitError",
    "Finding",
    "GuideError",
    "ImageError",
    "Info",
    "Limits",
    "Pixels",
    "Prepared",
    "Tensor",
    "__version__",
    "check",
    "frames",
    "info",
    "mask",
    "plan_size",
    "prepare",
    "prepare_many",
    "save",
    "seed",
]
