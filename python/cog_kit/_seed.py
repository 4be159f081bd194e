"""Seeds for random numbers."""

import os

BYTES = 4


def seed(value: int | None = None) -> int:
    """`value`, or a new seed from the operating system if it is None: 0 to 4,294,967,295, which every library takes.

    Raises `ValueError` for a value out of this range.
    """
    if value is None:
        return int.from_bytes(os.urandom(BYTES), "little")
    if not 0 <= value < 256**BYTES:
        raise ValueError(f"found seed {value}, expected 0 to {256**BYTES - 1}")
    return value
