"""The pictures that tests share."""

from pathlib import Path

PICTURES = Path(__file__).parents[2] / "tests" / "pictures"
PHONE = PICTURES / "phone.jpg"
"""1600x1200 upright, stored with orientation 6."""
