"""Alerts: who must hear of what happened, and how they do."""
