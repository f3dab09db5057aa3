"""Stumbles in walking, at a sensor on the trunk: a disturbed step that the wearer recovers from."""
