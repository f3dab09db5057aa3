"""Imports a library without the optional parts that it would load unasked."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """While the context lasts these modules cannot be found, so that who looks for them does without.

    Those that are loaded already stay as they are. Afterwards they can be imported as ever.
    """
    hidden = [name for name in modules if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
