"""Where the built dashboard lies."""

from pathlib import Path

STATIC = Path(__file__).parent / "dist"
