import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, TypeVar, final, overload, type_check_only

from typing_extensions import Buffer, CapsuleType, Unpack, disjoint_base

__all__ = [
    "CogKitError",
    "Finding",
    "GuideError",
    "ImageError",
    "Info",
    "Limits",
    "Pixels",
    "Preparation",
    "Prepared",
    "Tensor",
    "__version__",
    "check",
    "frames",
    "info",
    "mask",
    "plan_size",
    "prepare",
    "report",
    "save",
]

__version__: str

@type_check_only
class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

@type_check_only
class _HasArrayInterface(Protocol):
    @property
    def __array_interface__(self) -> dict[str, Any]: ...

@type_check_only
class _HasDLPack(Protocol):
    def __dlpack__(self, *args: Any, **kwargs: Any) -> Any: ...

@type_check_only
class _PillowImage(Protocol):
    @property
    def mode(self) -> str: ...
    def getexif(self) -> Any: ...

_Held: TypeAlias = Pixels | _PillowImage | _HasArrayInterface | _HasDLPack
_Source: TypeAlias = str | os.PathLike[str] | Buffer | _Readable | _Held
_Size: TypeAlias = tuple[int, int]
_Colour: TypeAlias = str | tuple[int, int, int]
_Result = TypeVar("_Result", bound=_Held)

@type_check_only
class PrepareOptions(TypedDict, total=False):
    size: _Size | None
    fit: Literal["cover", "contain", "inside", "outside", "fill"]
    max_side: int | None
    max_pixels: int | None
    megapixels: float | None
    multiple_of: int
    snap: Literal["crop", "pad", "nearest", "down", "up"]
    upscale: Literal["never", "allowed"]
    filter: Literal["nearest", "box", "bilinear", "catmull-rom", "mitchell", "lanczos3"]
    quality: Literal["fast", "high", "exact"]
    background: _Colour
    alpha: Literal["flatten", "keep", "split"]
    colours: Literal["srgb", "file"]
    truncated: Literal["refuse", "keep"]
    limits: Limits | None
    ready_for: Literal["numpy", "pil"]

class CogKitError(ValueError):
    code: str

class GuideError(CogKitError): ...

@final
class Finding:
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def level(self) -> Literal["hint", "warning", "error"]: ...
    @property
    def message(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def why(self) -> str: ...
    @property
    def instead(self) -> str: ...

class ImageError(CogKitError): ...

@final
class Info:
    @property
    def format(self) -> str: ...
    @property
    def size(self) -> _Size: ...
    @property
    def stored_size(self) -> _Size: ...
    @property
    def orientation(self) -> int: ...
    @property
    def bit_depth(self) -> int: ...
    @property
    def has_alpha(self) -> bool: ...
    @property
    def frames(self) -> int: ...
    @property
    def profile(self) -> str | None: ...
    @property
    def warnings(self) -> list[str]: ...

@final
class Limits:
    def __new__(
        cls,
        *,
        max_bytes: int = 268435456,
        max_side: int = 65535,
        max_pixels: int = 100000000,
        max_frames: int = 1000,
        max_total_pixels: int = 250000000,
        max_memory: int = 1073741824,
        max_seconds: int = 60,
    ) -> Limits: ...
    @property
    def max_bytes(self) -> int: ...
    @property
    def max_side(self) -> int: ...
    @property
    def max_pixels(self) -> int: ...
    @property
    def max_frames(self) -> int: ...
    @property
    def max_total_pixels(self) -> int: ...
    @property
    def max_memory(self) -> int: ...
    @property
    def max_seconds(self) -> int: ...

@disjoint_base
class Pixels:
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def size(self) -> _Size: ...
    def numpy(self) -> Any: ...
    def pil(self) -> Any: ...
    def tensor(
        self,
        layout: Literal["CHW", "HWC", "chw", "hwc"] = "CHW",
        *,
        range: tuple[float, float] | None = None,
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
    ) -> Tensor: ...
    def tobytes(self) -> bytes: ...
    @property
    def __array_interface__(self) -> dict[str, Any]: ...
    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[CapsuleType, CapsuleType]: ...
    def __dlpack__(
        self,
        *,
        stream: None = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> CapsuleType: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...

@final
class Prepared(Pixels):
    @property
    def source_size(self) -> _Size: ...
    @property
    def info(self) -> Info: ...
    @property
    def index(self) -> int: ...
    @property
    def duration(self) -> float: ...
    @property
    def icc_profile(self) -> bytes | None: ...
    @property
    def alpha(self) -> Pixels | None: ...
    def restore(
        self,
        result: _Result,
        *,
        kind: Literal["picture", "mask"] | None = None,
        way_up: Literal["upright", "stored"] = "upright",
        enlarged: int = 1,
        over: _Source | None = None,
    ) -> _Result: ...
    def restore_boxes(
        self,
        boxes: Any,
        *,
        way_up: Literal["upright", "stored"] = "upright",
        enlarged: int = 1,
        measured_on: _Size | None = None,
        outside: Literal["keep", "clip"] = "keep",
    ) -> Any: ...
    def restore_points(
        self,
        points: Any,
        *,
        way_up: Literal["upright", "stored"] = "upright",
        enlarged: int = 1,
        measured_on: _Size | None = None,
    ) -> Any: ...

@final
class Tensor:
    @property
    def shape(self) -> tuple[int, int, int]: ...
    @property
    def layout(self) -> str: ...
    def numpy(self) -> Any: ...
    @property
    def __array_interface__(self) -> dict[str, Any]: ...
    def __dlpack__(
        self,
        *,
        stream: None = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> CapsuleType: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...

@final
class Preparation:
    def __new__(cls, *, threads: int | None = None, **options: Unpack[PrepareOptions]) -> Preparation: ...
    def apply(self, source: _Source) -> Prepared: ...

def frames(
    source: _Source,
    *,
    count: int | None = None,
    every: int | None = None,
    size: _Size | None = None,
    fit: Literal["cover", "contain", "inside", "outside", "fill"] = "cover",
    max_side: int | None = None,
    max_pixels: int | None = None,
    megapixels: float | None = None,
    multiple_of: int = 1,
    snap: Literal["crop", "pad", "nearest", "down", "up"] = "crop",
    upscale: Literal["never", "allowed"] = "never",
    filter: Literal["nearest", "box", "bilinear", "catmull-rom", "mitchell", "lanczos3"] = "lanczos3",
    quality: Literal["fast", "high", "exact"] = "fast",
    background: _Colour = "white",
    alpha: Literal["flatten", "keep", "split"] = "flatten",
    colours: Literal["srgb", "file"] = "srgb",
    truncated: Literal["refuse", "keep"] = "refuse",
    limits: Limits | None = None,
    ready_for: Literal["numpy", "pil"] = "numpy",
) -> list[Prepared]: ...
def check(path: str | os.PathLike[str]) -> list[Finding]: ...
def report(
    paths: Sequence[str | os.PathLike[str]],
    format: Literal["text", "json", "github", "sarif"],
    colour: bool,
    level: Literal["hint", "warning", "error"] | None,
) -> tuple[str, bool]: ...
def info(source: _Source, *, limits: Limits | None = None) -> Info: ...
def mask(
    source: _Source,
    *,
    like: Prepared,
    invert: bool = False,
    threshold: int | None = None,
    channel: Literal["luma", "alpha"] = "luma",
    filter: Literal["area", "nearest"] = "area",
    orientation: Literal["own", "picture"] = "own",
) -> Pixels: ...
def plan_size(
    *,
    aspect_ratio: str | float | None = None,
    megapixels: float | None = None,
    multiple_of: int = 1,
    like: Prepared | _Size | None = None,
    max_side: int | None = None,
) -> _Size: ...
def prepare(
    source: _Source,
    *,
    size: _Size | None = None,
    fit: Literal["cover", "contain", "inside", "outside", "fill"] = "cover",
    max_side: int | None = None,
    max_pixels: int | None = None,
    megapixels: float | None = None,
    multiple_of: int = 1,
    snap: Literal["crop", "pad", "nearest", "down", "up"] = "crop",
    upscale: Literal["never", "allowed"] = "never",
    filter: Literal["nearest", "box", "bilinear", "catmull-rom", "mitchell", "lanczos3"] = "lanczos3",
    quality: Literal["fast", "high", "exact"] = "fast",
    background: _Colour = "white",
    alpha: Literal["flatten", "keep", "split"] = "flatten",
    colours: Literal["srgb", "file"] = "srgb",
    truncated: Literal["refuse", "keep"] = "refuse",
    limits: Limits | None = None,
    ready_for: Literal["numpy", "pil"] = "numpy",
    threads: int | None = None,
) -> Prepared: ...
@overload
def save(
    images: _Held,
    *,
    format: str = "webp",
    quality: int | None = None,
    subsampling: Literal["4:4:4", "4:2:2", "4:2:0"] | None = None,
    folder: str | os.PathLike[str] | None = None,
    stem: str = "output",
    background: _Colour = "white",
    range: tuple[float, float] = (0.0, 1.0),
    icc_profile: bytes | None = None,
) -> Path: ...
@overload
def save(
    images: Iterable[_Held],
    *,
    format: str = "webp",
    quality: int | None = None,
    subsampling: Literal["4:4:4", "4:2:2", "4:2:0"] | None = None,
    folder: str | os.PathLike[str] | None = None,
    stem: str = "output",
    background: _Colour = "white",
    range: tuple[float, float] = (0.0, 1.0),
    icc_profile: bytes | None = None,
) -> list[Path]: ...
