"""Measures what matters to somebody watching: `python -m server.bench`; the figures of README and CHANGELOG."""
