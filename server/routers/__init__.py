"""The REST and WebSocket endpoints, one file per subject."""
