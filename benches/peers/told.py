"""What a peer is told of a picture before the clock starts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """What a caller who looked at the file once may know; OpenCV cannot read it without decoding."""

    side: int
    size: tuple[int, int]
    jpeg: bool
    alpha: bool
