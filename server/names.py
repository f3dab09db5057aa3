"""When two spellings mean the same person."""

import unicodedata


def name_key(name: str) -> str:
    """The same for every spelling of a name: capitals, and where and how many spaces, do not matter.

    Folded twice, as Unicode's NFKC_Casefold does it, so that a key is its own key.
    """
    return " ".join(_folded(_folded(unicodedata.normalize("NFD", name))).split())


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name.casefold())
