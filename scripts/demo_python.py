"""What a predict.py does with a picture that a user sent."""

import sys
import time

import cog_kit
import numpy as np  # noqa: F401, so that the first picture does not wait for it

start = time.perf_counter()
picture = cog_kit.prepare(sys.argv[1], max_side=768, multiple_of=8)
pixels = picture.numpy()
elapsed = (time.perf_counter() - start) * 1000
print("cog_kit.prepare(path, max_side=768, multiple_of=8).numpy()")
print(f"{picture.source_size} -> shape {pixels.shape}, {pixels.dtype}, in {elapsed:.1f} ms")
print(f"C-contiguous: {pixels.flags.c_contiguous}")
