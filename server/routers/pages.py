"""The built dashboard, and a page that says how to build it where it is missing."""

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, Response

ASSETS_CACHE = "public, max-age=31536000, immutable"  # their names carry a hash of what is in them
MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Surefoot: dashboard not built</title>
<h1>The dashboard has not been built</h1>
<p>This server runs from a source tree without the built pages. Run <code>make dashboard</code> in it and load this
page again. An installed wheel contains them.</p>
<p>The programming interface works meanwhile: <a href="/api/status">/api/status</a>,
<a href="/api/openapi.json">/api/openapi.json</a>.</p></html>"""


def pages_router(static: Path) -> APIRouter:
    """Everything that no other route answers: a file of the build, else its index page (the client routes)."""
    router = APIRouter(include_in_schema=False)
    root = static.resolve()

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    def page(path: str) -> Response:
        if path == "api" or path.startswith("api/"):
            raise HTTPException(404, f"There is no /{path}; /api/openapi.json lists what there is.")
        wanted = (root / path).resolve()
        if path and wanted.is_relative_to(root) and wanted.is_file():
            cache = ASSETS_CACHE if path.startswith("assets/") else "no-cache"
            return FileResponse(wanted, headers={"cache-control": cache})
        index = root / "index.html"
        if not index.is_file():
            return HTMLResponse(MISSING, status_code=503)
        if "." in path.rsplit("/", 1)[-1]:
            raise HTTPException(404, f"There is no file /{path}.")
        return FileResponse(index, headers={"cache-control": "no-cache"})

    return router
