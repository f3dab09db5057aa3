"""The one way a kernel is compiled."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from sensing.leaner import without

# Numba looks for SciPy's BLAS and for cffi when it is first used, and for YAML to read settings that nobody has, which
# would cost every start half a second and 25 MB. No kernel here multiplies matrices (`@`) or calls C.
with without("scipy.linalg", "cffi", "yaml"):
    from numba import njit  # isort: skip
    import numba.core.typing.cffi_utils
    import numba.np.arraymath  # noqa: F401

F = TypeVar("F", bound=Callable[..., Any])

Record = Any  # one NumPy record, a row of a structured array: the kernels' way of holding state


def kernel(function: F) -> F:
    """Compiled on first use and cached, without the interpreter's lock; NUMBA_DISABLE_JIT=1 runs it as it stands."""
    return cast(F, njit(cache=True, nogil=True)(function))
