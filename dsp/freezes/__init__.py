"""Freezing of gait at a leg: trembling where steps should be, and steps that do not come."""
