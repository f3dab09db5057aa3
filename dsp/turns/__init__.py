"""Turns about the vertical."""
