"""Who is told which field: the table of fields against the answers themselves."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from api.service.roles import Role
from graph.sanctions.findings import finding_from
from graph.sanctions.rulebook import load_rulebook
from loaders.synthetic.stories import read_cast
from tests.e2e.service.conftest import House, Site, copied, serving
from tests.e2e.service.fields import DRY, FIELDS, OTHERS, Field, check
from tests.e2e.service.people import cast_of
from tests.e2e.service.test_openapi import DOCUMENT
from tests.e2e.service.test_writing import MARKET, TAX, listing_of, pushed


@pytest.fixture(scope="module")
def known(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Any]]:
    """A server that may be written to, and what the table's placeholders stand for there."""
    own = copied(house, tmp_path_factory.mktemp("fields"))
    with own.store() as store:
        subjects = {row["id"]: row for row in store.facts.subjects(None).to_pylist()}
        firm, finding = _told_of_to_all(store.findings.current(), subjects)
    weak = next(row for row in subjects.values() if _a_firm(row) and not row["strong"])
    with serving(own) as site:
        number, person = _person(site)
        pushed(site, "market_main", MARKET)
        pushed(site, "tax_serious", TAX)
        tasks = [each["task"] for each in site.get("/v1/reviews").json()["tasks"]]
        unsure = DRY | {"verdict": "unsure", "dry_run": False}
        judged = site.post(f"/v1/reviews/{tasks[0]}/decision", unsure).json()
        yield (
            site,
            {
                "firm": firm["id"],
                "firm_name": firm["name"],
                "person": person["id"],
                "person_name": person["name"],
                "number": number,
                "doubtful": cast_of(own).doubtful.id,
                "weak": weak["id"],
                "weak_name": weak["name"],
                "finding": finding,
                "listing": listing_of(site),
                "task": tasks[1],
                "judgement": judged["judgement"],
            },
        )


def _told_of_to_all(
    findings: Iterable[Mapping[str, Any]], subjects: Mapping[str, Any]
) -> tuple[Any, str]:
    """Return a firm with a finding that anybody may be told of, and the finding's id."""
    measures = load_rulebook().measures
    return next(
        (subjects[body["subject"]], body["id"])
        for body in findings
        if _a_firm(subjects[body["subject"]])
        and not body["suspected"]
        and finding_from(body).role == "own"
        and measures[body["measure"]].sharing == "public"
    )


def _a_firm(subject: Mapping[str, Any]) -> bool:
    return bool(subject["kind"] != "person")


def _person(site: Site) -> tuple[str, Any]:
    """Return the number of a person with findings, and who that is."""
    for each in read_cast().people.values():
        told = site.post("/v1/check", check(identifier=each.id_number)).json()["responses"]["q"]
        if told["subject"] is not None and told["own"]:
            return each.id_number, told["subject"]
    raise AssertionError


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f"{f.ask} {f.key} {f.case}")
def test_a_field_is_told_to_whom_it_may_be(
    known: tuple[Site, Mapping[str, str]], role: Role, field: Field
) -> None:
    site, ids = known
    method, _, path = _filled(field.ask, ids).partition(" ")
    body = json.loads(_filled(json.dumps(field.body), ids))
    sent: dict[str, Any] = {"json": body}
    if field.form:
        sent = {"data": {name: json.dumps(part) for name, part in body.items()}}
    with site.client(role, **({"X-Case-Number": "A-1"} if field.case else {})) as client:
        answer = client.request(method, path, **sent)
    told = _found(answer.json(), _filled(field.key, ids))
    if role in field.told:
        assert answer.status_code in (200, 201), answer.text
        assert told is not None
        assert told or not field.some
    else:
        assert answer.status_code in (200, 403, 404), answer.text
        assert answer.status_code != 200 or told is None or (field.some and not told)


def test_every_operation_that_tells_of_subjects_is_in_the_table() -> None:
    asked = {(f.ask.partition(" ")[0], f.ask.partition(" ")[2].partition("?")[0]) for f in FIELDS}
    operations = {
        f"{method.upper()} {path}": (method.upper(), path.split("/"))
        for path, methods in DOCUMENT["paths"].items()
        for method in methods
    }
    missing = {
        name
        for name, (method, steps) in operations.items()
        if not any(method == m and _fits(steps, path.split("/")) for m, path in asked)
    }
    assert missing == OTHERS


def _fits(steps: list[str], asked: list[str]) -> bool:
    return len(steps) == len(asked) and all(
        step == each or (step.startswith("{") and each not in ("agreement", "undo"))
        for step, each in zip(steps, asked, strict=True)
    )


def _filled(text: str, ids: Mapping[str, str]) -> str:
    for name, uid in ids.items():
        text = text.replace(f"{{{name}}}", uid)
    return text


def _found(body: Any, key: str) -> Any:
    """Return what stands at the end of the steps, None where they lead nowhere."""
    for step in key.split("."):
        if isinstance(body, list):
            body = body[int(step)] if int(step) < len(body) else None
        else:
            body = body.get(step) if isinstance(body, dict) else None
    return body
