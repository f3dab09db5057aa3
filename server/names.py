"""When two spellings mean the same person."""

import unicodedata


def name_key(name: str) -> str:
    """The same for every spelling of a name: capitals, and where and how many spaces, do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
