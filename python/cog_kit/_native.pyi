import os
from typing import Any, final

__all__ = ["CogKitError", "ImageError", "Prepared", "__version__", "prepare"]

__version__: str

class CogKitError(ValueError):
    code: str

class ImageError(CogKitError): ...

@final
class Prepared:
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def source_size(self) -> tuple[int, int]: ...
    @property
    def __array_interface__(self) -> dict[str, Any]: ...
    def numpy(self) -> Any: ...
    def tobytes(self) -> bytes: ...

def prepare(
    source: str | os.PathLike[str] | bytes | bytearray,
    *,
    max_side: int | None = None,
    multiple_of: int = 1,
    background: tuple[int, int, int] = (255, 255, 255),
) -> Prepared: ...
