"""Logging in with the token, for browsers."""

from fastapi import APIRouter, HTTPException, Request, Response

from server.auth import COOKIE, same_token, token_in
from server.models import Allowed, Login, Problem


def login_router(token: str | None) -> APIRouter:
    """/api/login and /api/logout."""
    router = APIRouter(prefix="/api", tags=["log-in"])

    @router.get("/login")
    async def state(request: Request) -> Allowed:
        """Whether a log-in is needed, and whether this browser has one."""
        needed = token is not None
        return Allowed(needed=needed, allowed=token is None or same_token(token_in(request.headers), token))

    @router.post("/login", responses={401: {"model": Problem}})
    async def login(request: Request, response: Response, given: Login) -> Allowed:
        """Exchange the token for a cookie that scripts cannot read."""
        if token is None:
            return Allowed(needed=False, allowed=True)
        if not same_token(given.token, token):
            raise HTTPException(401, "This is not the right token. Ask whoever set Surefoot up.")
        response.set_cookie(
            COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/"
        )
        return Allowed(needed=True, allowed=True)

    @router.post("/logout")
    async def logout(response: Response) -> Allowed:
        """Forget the cookie."""
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return Allowed(needed=token is not None, allowed=token is None)

    return router
