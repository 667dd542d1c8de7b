"""GET /v1/paths, POST /v1/bidders: what is between subjects."""

import tempfile
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Annotated, Any, Final

from fastapi import File, Form, Query, Request, UploadFile
from starlette.concurrency import run_in_threadpool

from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.asking import asking
from api.service.between import bidders_told, paths_told
from api.service.caller import Caller
from api.service.guard import needs, takes
from api.service.roles import Permission
from api.service.running import Running
from api.service.spoken import Asking
from api.wire.between import BiddersAnswer, BiddersRequest, PathsAnswer
from api.wire.days import Day, Moment
from api.wire.parts import Name
from api.wire.problem import problems
from api.wire.subjects import AsOf, KnownAt
from graph.errors import DataError, QueryError, UsageError
from graph.paths import MOST_HOPS, Bounds
from loaders.manifest import Manifest
from loaders.name_list import Entry, read_list
from loaders.table import Limits

__all__ = ["router"]

router = guarded_router("between")
_SUFFIXES = (".xlsx", ".xls", ".csv", ".txt")
_MOST_BIDDERS = 100
_LIMITS = Limits(cells=50_000, bytes=20_000_000)
"""Of an uploaded workbook: far more than a hundred bidders take, far less than would hurt."""
_UPLOAD: Final = "multipart/form-data"
_EITHER: Final[dict[str, Any]] = {
    "requestBody": {
        "content": {
            _UPLOAD: {
                "schema": {
                    "type": "object",
                    "required": ["file", "opened"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "A workbook or CSV that lists the bidders",
                        },
                        "opened": {
                            "type": "string",
                            "format": "date",
                            "description": "Day bids are opened",
                        },
                        "known_at": {"type": "string", "format": "date-time"},
                    },
                }
            }
        }
    }
}
_END = "Id, organisation's code or full name"


@router.get("/paths", response_model=PathsAnswer, responses=problems(404, 410))
@needs(Permission.PERSONS)
def paths(
    request: Request,
    caller: Asking,
    from_: Annotated[Name, Query(alias="from", description=_END)],
    to: Annotated[Name, Query(description=_END)],
    hops: Annotated[int, Query(ge=1, le=MOST_HOPS)] = 4,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Answer:
    """Tell every way between two subjects over registered ties, the shortest first.

    Ways pass persons, so a purpose has to be told.
    """
    caller.demand_person()
    with asking(request.app.state.running, caller, as_of, known_at) as inquiry:
        return Answer(paths_told(inquiry, from_, to, Bounds(hops=hops)))


# Matched first, by its content type: FastAPI itself reads one kind of body for a route.
@router.post("/bidders", response_model=BiddersAnswer, include_in_schema=False)
@needs(Permission.BIDDERS)
@takes(_UPLOAD, shares=True)
async def bidders_of_file(
    request: Request,
    caller: Asking,
    file: Annotated[UploadFile, File(description="A workbook or CSV that lists the bidders")],
    opened: Annotated[Day, Form(description="Day bids are opened")],
    known_at: Annotated[Moment | None, Form()] = None,
) -> Answer:
    """The same for a list of bidders as a workbook, with or without a header."""
    running: Running = request.app.state.running
    listed = file.filename or "", await file.read()
    return await run_in_threadpool(_answer_file, running, caller, listed, (opened, known_at))


@router.post("/bidders", response_model=BiddersAnswer, openapi_extra=_EITHER)
@needs(Permission.BIDDERS)
@takes("application/json", _UPLOAD)
def bidders(request: Request, asked: BiddersRequest, caller: Asking) -> Answer:
    """Tell which bidders of a tender may bid, and what ties every two of them.

    They are listed in JSON, or in a workbook or CSV that is uploaded, with or without a header.
    """
    entries = [Entry(each.name, each.code) for each in asked.bidders]
    with asking(request.app.state.running, caller, asked.opened, asked.known_at) as inquiry:
        given = [each for each in entries if each.text.strip()]
        return Answer(bidders_told(inquiry, given, asked.opened))


def _answer_file(
    running: Running,
    caller: Caller,
    file: tuple[str, bytes],
    days: tuple[date, datetime | None],
) -> Answer:
    entries = _entries(*file, running.manifests)
    with asking(running, caller, *days) as inquiry:
        return Answer(bidders_told(inquiry, entries, days[0]))


def _entries(name: str, content: bytes, manifests: tuple[Manifest, ...]) -> list[Entry]:
    """Return the parties of an uploaded list.

    Raises:
        UsageError: E945, not a kind of file that lists parties.
        QueryError: E946, too many parties.
        DataError: E201 to E206, the file cannot be read.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise UsageError("E945", suffixes=" ".join(_SUFFIXES))
    with tempfile.TemporaryDirectory(prefix="creditgraph-") as folder:
        place = Path(folder) / f"list{suffix}"
        place.write_bytes(content)
        try:
            entries = read_list(place, manifests, _LIMITS)
        except DataError as error:
            facts = dict(error.facts)
            raise DataError(error.code, where=place.name, **facts) from error
    if len(entries) > _MOST_BIDDERS:
        raise QueryError("E946", count=len(entries), limit=_MOST_BIDDERS)
    return entries
