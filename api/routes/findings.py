"""GET /v1/findings/{id}, POST /v1/simulate."""

from typing import Annotated, Any

from fastapi import Path, Request

from api.explain import explain
from api.masking import hidden_text
from api.routes.router import guarded_router
from api.service.answers import Answer
from api.service.asking import Inquiry, asking
from api.service.guard import needs
from api.service.roles import Permission
from api.service.running import Running
from api.service.spoken import Asking
from api.wire.law import FindingExplained, Simulated, SimulateRequest
from api.wire.parts import HexId
from api.wire.problem import problems
from api.wire.subjects import AsOf
from graph.errors import QueryError
from graph.model import SubjectId
from graph.sanctions.case import answer_body, read_case, read_listing
from graph.sanctions.case import simulate as judge
from graph.sanctions.explain import sentence
from graph.sanctions.findings import finding_from
from graph.sanctions.inquiry import assess_added, assess_one

__all__ = ["router"]

router = guarded_router("findings")


@router.get("/findings/{uid}", response_model=FindingExplained, responses=problems(404))
@needs(Permission.ASK)
def finding(
    request: Request,
    caller: Asking,
    uid: Annotated[HexId, Path(description="Id of a finding")],
    as_of: AsOf = None,
) -> Answer:
    """Tell a finding, whether it stands, and the records it rests on."""
    with asking(request.app.state.running, caller, as_of) as inquiry:
        inquiry.note(uid)
        return Answer(_explained(inquiry, uid))


@router.post("/simulate", response_model=Simulated)
@needs(Permission.SIMULATE)
def simulate(request: Request, asked: SimulateRequest, caller: Asking) -> Answer:
    """Judge a hand-written case, or tell what one more listing would yield; nothing is written."""
    running: Running = request.app.state.running
    day = asked.as_of or running.today
    if asked.case is not None:
        return Answer(judge(read_case(asked.case), running.rulebook, day, lang=caller.lang))
    caller.demand(Permission.SUSPECTED)
    caller.demand_person()
    with asking(running, caller, asked.as_of) as inquiry:
        facts = inquiry.store.facts

        def known(ids: set[str]) -> set[str]:
            found = facts.subjects({SubjectId(each) for each in ids})
            return set(found.column("id").to_pylist())

        listing = read_listing(asked.listing, known)
        outcome, names = assess_added(facts, running.rulebook, listing, day)
        for each in outcome.findings:
            caller.trail.told(each.subjects)
        return Answer(answer_body(outcome, names, running.rulebook, day, lang=caller.lang))


def _explained(inquiry: Inquiry, uid: str) -> dict[str, Any]:
    """Return a finding with its proof, cut to what the caller may see.

    Raises:
        QueryError: E603, no finding the caller may see has this id.
        UsageError: E903 or E904, it is about a person.
    """
    body = inquiry.store.findings.finding(uid)
    found = None if body is None else finding_from(body)
    subject = None if found is None else inquiry.finder.by_id(found.subject)
    if found is None or subject is None:
        raise QueryError("E603", where=uid)
    seen = inquiry.view.tells(found) and (subject.kind == "person" or inquiry.view.shows(subject))
    if not seen:
        raise QueryError("E603", where=uid)
    inquiry.view.demand(subject)
    told = explain(inquiry.desk, uid, inquiry.as_of)
    if not (inquiry.view.inside or told["stands"]):
        raise QueryError("E603", where=uid)
    inquiry.caller.trail.told(found.subjects)
    inquiry.meant(subject.id)
    del told["what"]
    if not inquiry.view.inside:
        around = assess_one(
            inquiry.store.facts, inquiry.running.rulebook, subject.id, inquiry.as_of
        )
        told["text"] = sentence(found, inquiry.view.names(around), inquiry.caller.lang)
    told["evidence"] = [_row(inquiry, row) for row in told["evidence"]]
    return told


def _row(inquiry: Inquiry, row: dict[str, Any]) -> dict[str, Any]:
    manifest = next((m for m in inquiry.running.manifests if m.source == row["source"]), None)
    body: dict[str, Any] = {
        "record": row["record"],
        "source": row["source"],
        "department": None if manifest is None else dict(manifest.department),
    }
    if not inquiry.view.inside:
        return body
    sightings = [{**each, "file": hidden_text(each["file"])} for each in row["sightings"]]
    return body | {"cells": row["cells"], "sightings": sightings, "mentions": row["mentions"]}
