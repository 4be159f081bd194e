"""Any picture in, the right pixels out: image preparation for predict.py."""

from cog_kit._native import CogKitError, ImageError, Prepared, __version__, prepare

__all__ = ["CogKitError", "ImageError", "Prepared", "__version__", "prepare"]
