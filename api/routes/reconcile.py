"""OpenRefine's Reconciliation API 0.2.

Source: Reconciliation Service API v0.2, W3C Entity Reconciliation Community Group, 2023-04-10.
Queries come by POST only: by GET names would stand in addresses.
"""

from importlib.metadata import version
from typing import Annotated, Any, TypeVar

from fastapi import Form, Query, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import HTMLResponse, Response

from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.asking import asking
from api.service.guard import needs, takes, ticketed
from api.service.reconciling import (
    ANY,
    KINDS,
    PROPERTIES,
    extended,
    named,
    preview,
    reconciled,
    suggested,
)
from api.service.roles import Permission
from api.service.spoken import Asking
from api.wire.parts import SubjectId
from api.wire.problem import problems
from api.wire.reconcile import BATCH, Batch, Extension, Manifest, Posted, Proposed, Suggested
from graph.errors import UsageError
from graph.texts import Lang, phrase

__all__ = ["router"]

router = guarded_router("reconciliation", prefix="/reconcile")

Ticket = Annotated[
    str,
    Query(max_length=100, description="A reconciliation ticket, in place of the header"),
]
Prefix = Annotated[str, Query(max_length=200, examples=["物流"])]
Json = Annotated[str | None, Form(max_length=1_000_000)]
_SIZE = (400, 240)
Read = TypeVar("Read")


@router.get("", response_model=Manifest)
@needs(Permission.ASK)
@ticketed
def manifest(request: Request, caller: Asking, ticket: Ticket = "") -> Answer:
    """Tell what the service offers; addresses in it hold the ticket it was asked with."""
    base = str(request.base_url).rstrip("/")
    held = f"ticket={ticket}" if ticket else ""

    def service(path: str) -> dict[str, str]:
        return {"service_url": base, "service_path": path + (f"?{held}" if held else "")}

    looked = f"{base}/reconcile/preview?id={{{{id}}}}" + (f"&{held}" if held else "")
    return Answer(
        {
            "versions": ["0.2"],
            "name": phrase("reconcile_name", caller.lang),
            "identifierSpace": f"{base}/v1/subjects/",
            "schemaSpace": f"{base}/reconcile/schema/",
            "serviceVersion": version("creditgraph"),
            "batchSize": BATCH,
            "defaultTypes": [named("kind", ANY, caller.lang)],
            "view": {"url": looked},
            "preview": {"url": looked, "width": _SIZE[0], "height": _SIZE[1]},
            "suggest": {
                each: service(f"/reconcile/suggest/{each}")
                for each in ("entity", "type", "property")
            },
            "extend": {
                "propose_properties": service("/reconcile/properties"),
                "property_settings": [],
            },
        }
    )


@router.post("", response_model=Posted)
@needs(Permission.ASK)
@ticketed
@takes("application/x-www-form-urlencoded", "multipart/form-data")
def post(
    request: Request,
    caller: Asking,
    queries: Json = None,
    extend: Json = None,
    ticket: Ticket = "",
) -> Answer:
    """Reconcile a batch of parties (`queries`), or fetch values of subjects (`extend`), as JSON."""
    if (queries is None) == (extend is None):
        raise UsageError("E962", reason=phrase("reconcile_one_of", caller.lang))
    running = request.app.state.running
    if queries is not None:
        batch = _read(Batch, queries, "queries", caller.lang)
        with asking(running, caller) as inquiry:
            return Answer({key: reconciled(inquiry, query) for key, query in batch.items()})
    wanted = _read(Extension, extend or "", "extend", caller.lang)
    properties = [each.id for each in wanted.properties]
    with asking(running, caller) as inquiry:
        rows = {uid: extended(inquiry, uid, properties) for uid in wanted.ids}
    known = [each for each in properties if each in PROPERTIES]
    meta = [named("property", each, caller.lang) for each in known]
    meta += [{"id": each, "name": each} for each in properties if each not in known]
    return Answer({"meta": meta, "rows": rows})


def _read(shape: TypeAdapter[Read], text: str, field: str, lang: Lang) -> Read:
    try:
        return shape.validate_json(text)
    except ValidationError as error:
        place = ".".join(str(step)[:60] for step in error.errors()[0]["loc"]) or "-"
        reason = phrase("reconcile_json", lang, field=field, place=place)
        raise UsageError("E962", reason=reason) from error


@router.get("/suggest/entity", response_model=Suggested, response_model_exclude_none=True)
@needs(Permission.ASK)
@ticketed
def suggest_entity(
    request: Request, caller: Asking, prefix: Prefix = "", ticket: Ticket = ""
) -> Answer:
    """Tell which organisations a typed text may stand for."""
    with asking(request.app.state.running, caller) as inquiry:
        return Answer({"result": suggested(inquiry, prefix, 10)})


@router.get("/suggest/type", response_model=Suggested)
@needs(Permission.ASK)
@ticketed
def suggest_type(
    request: Request, caller: Asking, prefix: Prefix = "", ticket: Ticket = ""
) -> Answer:
    """Tell which types a typed text may stand for."""
    return Answer({"result": _beginning("kind", (ANY, *KINDS), prefix, caller.lang)})


@router.get("/suggest/property", response_model=Suggested)
@needs(Permission.ASK)
@ticketed
def suggest_property(
    request: Request, caller: Asking, prefix: Prefix = "", ticket: Ticket = ""
) -> Answer:
    """Tell which properties a typed text may stand for."""
    return Answer({"result": _beginning("property", PROPERTIES, prefix, caller.lang)})


def _beginning(what: str, ids: tuple[str, ...], prefix: str, lang: Lang) -> list[dict[str, Any]]:
    typed = prefix.strip().casefold()
    told = [named(what, each, lang) for each in ids]
    return [each for each in told if typed in each["name"].casefold() or typed in each["id"]]


@router.get("/properties", response_model=Proposed)
@needs(Permission.ASK)
@ticketed
def properties(
    request: Request,
    caller: Asking,
    type: Annotated[str, Query(max_length=60)] = ANY,
    ticket: Ticket = "",
) -> Answer:
    """Tell which properties may be fetched."""
    told = [named("property", each, caller.lang) for each in PROPERTIES]
    return Answer({"type": type, "properties": told})


@router.get(
    "/preview",
    response_class=Response,
    responses=problems(404) | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
)
@needs(Permission.ASK)
@ticketed
def preview_page(
    request: Request,
    caller: Asking,
    id: Annotated[SubjectId, Query(examples=["s-029c2fb7c5e6d10283ae8c9f"])],
    ticket: Ticket = "",
) -> Response:
    """Show a small page about an organisation, to be framed by the client."""
    with asking(request.app.state.running, caller) as inquiry:
        page = preview(inquiry, id)
    # The policy's ancestors win over the frame header that all other answers keep to.
    policy = "default-src 'none'; frame-ancestors *"
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(page, headers=headers)
