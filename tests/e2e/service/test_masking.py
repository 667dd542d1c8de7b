"""What no role sees, and what some see for a purpose or case only, in the answers themselves."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.service.roles import Role
from loaders.synthetic.stories import read_cast
from tests.e2e.service.conftest import House, Site
from tests.e2e.service.people import Cast, cast_of

ASKERS = (Role.PUBLIC, Role.DEPARTMENT, Role.PROCUREMENT, Role.REVIEWER, Role.OFFICER)
OFFICE = (Role.REVIEWER, Role.OFFICER)


@pytest.fixture(scope="module")
def cast(house: House) -> Cast:
    return cast_of(house)


@pytest.mark.parametrize("role", [Role.DEPARTMENT, *OFFICE])
def test_a_person_is_told_of_for_a_purpose_only(site: Site, cast: Cast, role: Role) -> None:
    paths = ("", "/findings", "/relations", "/graph")
    with site.client(role, **{"X-Purpose": ""}) as client:
        for path in paths:
            told = client.get(f"/v1/subjects/{cast.person.id}{path}")
            assert (told.status_code, told.json()["code"]) == (403, "E904")
        item = client.post("/v1/check", json=asking(subject=cast.person.id)).json()
    assert item["responses"]["one"]["error"]["code"] == "E904"


@pytest.mark.parametrize("role", ASKERS)
def test_a_finding_shared_within_government_asks_for_the_case(
    site: Site, house: House, role: Role
) -> None:
    finding, subject = government_finding(house)
    paths = (f"/v1/subjects/{subject}/findings", f"/v1/findings/{finding}")
    with site.client(role) as client:
        without = [client.get(path) for path in paths]
    with site.client(role, **{"X-Case-Number": "%E6%A1%881"}) as client:
        with_case = [client.get(path) for path in paths]
    office = role in OFFICE
    assert (finding in without[0].text) is office
    assert (without[1].status_code == 200) is office
    assert (finding in with_case[0].text) is (role is not Role.PUBLIC)
    assert (with_case[1].status_code == 200) is (role is not Role.PUBLIC)


def government_finding(house: House) -> tuple[str, str]:
    with house.store() as store:
        for body in store.findings.current():
            subject = store.finder.by_id(body["subject"])
            assert subject is not None
            if subject.kind != "person" and body["measure"] == "not_eligible_supplier":
                return body["id"], subject.id
    raise AssertionError


@pytest.mark.parametrize("role", ASKERS)
def test_what_is_suspected_never_leaves_the_office(site: Site, house: House, role: Role) -> None:
    with house.store() as store:
        suspected = [body["id"] for body in store.findings.current() if body["suspected"]]
        assert len(suspected) > 5
        everyone = store.facts.subjects(None).to_pylist()
    weak = {row["id"] for row in everyone if not row["strong"]}
    asked = {f"q{at}": {"subject": row["id"]} for at, row in enumerate(everyone)}
    shown = []
    with site.client(role, **{"X-Case-Number": "A-1"}) as client:
        for start in range(0, len(asked), 100):
            part = dict(list(asked.items())[start : start + 100])
            answer = client.post("/v1/check", json={"queries": part})
            assert answer.status_code == 200
            shown.append(answer.json()["responses"])
    told = {uid for batch in shown for uid in subjects_in(batch)}
    findings = {uid for batch in shown for uid in findings_in(batch)}
    assert bool(findings & set(suspected)) is (role in OFFICE)
    assert bool(told & weak) is (role in OFFICE)


def subjects_in(batch: dict[str, Any]) -> Iterator[str]:
    for item in batch.values():
        if item.get("subject"):
            yield item["subject"]["id"]
        for finding in (item.get("own") or []) + (item.get("linked") or []):
            for step in finding["path"]:
                yield from (step["from"], step["to"])


def findings_in(batch: dict[str, Any]) -> Iterator[str]:
    for item in batch.values():
        for finding in (item.get("own") or []) + (item.get("linked") or []):
            yield finding["id"]


def test_the_public_sees_the_first_character_of_a_persons_name(site: Site, house: House) -> None:
    with house.store() as store:
        linked = next(
            body
            for body in store.findings.current()
            if body["path"] and body["measure"] == "verify_qualification"
        )
        person = store.finder.by_id(linked["path"][0]["from"])
        assert person is not None
    head = {"ids": [linked["subject"]], "properties": [{"id": "representative"}]}
    for role in ASKERS:
        with site.client(role, **{"X-Case-Number": "A-1"}) as client:
            ties = client.get(f"/v1/subjects/{linked['subject']}/relations").text
            checked = client.post("/v1/check", json=asking(subject=linked["subject"])).text
            fetched = client.post("/reconcile", data={"extend": json.dumps(head)}).text
        for text in (ties, checked):
            assert (person.name in text) is (role is not Role.PUBLIC)
        assert (person.name[0] + "**" in ties) is (role is Role.PUBLIC)
        assert ('**"' in fetched) is (role is Role.PUBLIC)
        assert person.name not in fetched or role is not Role.PUBLIC


def test_no_role_sees_a_persons_number(site: Site, house: House, cast: Cast) -> None:
    numbers = [person.id_number for person in read_cast().people.values()]
    assert len(numbers) > 20
    with house.store() as store:
        record = next(
            body["records"][0] for body in store.findings.current() if body["rule"] == "R18"
        )
        people = [body["id"] for body in store.findings.current() if record in body["records"]]
    bids = {"opened": "2026-11-01", "bidders": [{"code": each} for each in numbers[:4]]}
    judged = {"parties": [cast.person.id, cast.doubtful.id], "verdict": "same", "why": "查"}
    for role in ASKERS:
        with site.client(role, **{"X-Case-Number": "A-1"}) as client:
            shown = [
                client.get(f"/v1/subjects/{cast.person.id}").text,
                client.get(f"/v1/subjects/{cast.person.id}/findings").text,
                *(client.get(f"/v1/findings/{each}").text for each in people),
                client.post("/v1/check", json=asking(identifier=numbers[0])).text,
                client.post("/v1/match", json=asking(name=numbers[0])).text,
                client.post("/v1/bidders", json=bids).text,
                client.post("/v1/judgements", json=judged | {"dry_run": True}).text,
                client.post("/reconcile", data={"queries": reconciling(numbers[0])}).text,
            ]
        assert not [number for number in numbers if number in "".join(shown)]


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("role", list(Role))
def test_a_list_uploaded_is_answered_as_the_same_list_in_json(
    site: Site, tmp_path: Path, role: Role, suffix: str
) -> None:
    names = ["贵州腾岳市政工程有限公司", "六盘水腾辉园林绿化有限公司", "没有的公司"]
    file = tmp_path / f"bidders.{suffix}"
    if suffix == "csv":
        file.write_text("\n".join(["名称", *names]), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(file) as workbook:
            workbook.add_worksheet().write_column(0, 0, ["名称", *names])
    listed = {"opened": "2026-11-01", "bidders": [{"name": name} for name in names]}
    with site.client(role, **{"X-Case-Number": "A-1"}) as client:
        told = client.post("/v1/bidders", json=listed)
        upload = {"file": (file.name, file.read_bytes())}
        uploaded = client.post("/v1/bidders", files=upload, data={"opened": "2026-11-01"})
    assert uploaded.status_code == told.status_code
    assert _placeless(uploaded.json()) == _placeless(told.json())


def _placeless(answer: Any) -> Any:
    """Return an answer without where in its list a bidder stands."""
    for row in answer.get("bidders", []) + answer.get("unresolved", []):
        del row["place"]
    return answer


def asking(**question: str) -> dict[str, Any]:
    return {"queries": {"one": question}}


def reconciling(text: str) -> str:
    return json.dumps({"q": {"query": text}})
