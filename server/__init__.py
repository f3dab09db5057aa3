"""Effects: sessions, storage, HTTP and WebSocket, the command line."""

VERSION = "0.1.0"  # the same as in pyproject.toml, which a test holds it to
