import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import CapsuleType
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, TypeVar, Unpack, final, overload

__all__ = [
    "CogKitError",
    "ImageError",
    "Info",
    "Limits",
    "Pixels",
    "Preparation",
    "Prepared",
    "Tensor",
    "__version__",
    "info",
    "mask",
    "plan_size",
    "prepare",
    "save",
]

__version__: str
