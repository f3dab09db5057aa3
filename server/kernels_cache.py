"""Puts Numba's compiled kernels into a folder that the user can write to; call before anything imports dsp."""

import hashlib
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

import platformdirs


def sources_digest() -> str:
    """Names the state of dsp's source: Numba does not see that a kernel changed which another kernel calls."""
    found = find_spec("dsp")
    digest = hashlib.sha256()
    for folder in found.submodule_search_locations or () if found else ():
        for file in sorted(Path(folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def set_kernels_cache() -> Path:
    """The folder in use: NUMBA_CACHE_DIR if it is set, else one of Surefoot's own in the user's cache folder."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        return Path(named)
    directory = Path(platformdirs.user_cache_dir("surefoot", appauthor=False)) / "kernels" / sources_digest()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        directory = Path(tempfile.mkdtemp(prefix="surefoot-kernels-"))
    os.environ["NUMBA_CACHE_DIR"] = str(directory)
    return directory
