"""libjpeg-turbo alone, through simplejpeg: what decoding costs without a pipeline around it."""

from importlib.metadata import version

import numpy as np
import numpy.typing as npt
import simplejpeg
from told import Told

# New memory would cost more than some pipelines do.
REUSED = bytearray(512 * 512 * 3)


def start(threads: int) -> dict[str, str]:
    """Takes any number of threads, since it works on one; and returns the versions."""
    del threads
    return {"simplejpeg": version("simplejpeg")}


def prepare(content: bytes, told: Told) -> npt.NDArray[np.uint8]:
    if not told.jpeg or max(told.size) > told.side:
        raise ValueError("decodes JPEG, and shrinks nothing")
    return simplejpeg.decode_jpeg(content, buffer=REUSED)  # type: ignore[no-any-return]
