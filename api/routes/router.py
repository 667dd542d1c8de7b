"""How routers of the service are made: guarded, with their errors documented."""

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer

from api.service.guard import Guarded
from api.wire.problem import PROBLEMS

__all__ = ["guarded_router"]

_bearer = HTTPBearer(
    auto_error=False, description="An API key (`creditgraph keys add`) or a token of your issuer"
)


def guarded_router(tag: str, prefix: str = "/v1") -> APIRouter:
    """Return a router whose every route goes through the guard."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        route_class=Guarded,
        responses=PROBLEMS,
        dependencies=[Security(_bearer)],
    )
