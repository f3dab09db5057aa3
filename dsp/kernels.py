"""The one way a kernel is compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

Record = Any  # one NumPy record, a row of a structured array: the kernels' way of holding state


def kernel(function: F) -> F:
    """Compiled on first use and cached, without the interpreter's lock; NUMBA_DISABLE_JIT=1 runs it as it stands."""
    return cast(F, njit(cache=True, nogil=True)(function))
