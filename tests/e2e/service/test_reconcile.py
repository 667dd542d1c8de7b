"""OpenRefine's protocol, as its clients speak it: one from PyPI, one written from the spec."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx2
import pandas as pd
import pytest
from reconciler import reconcile

from tests.e2e.service.conftest import Site


@dataclass(frozen=True)
class Refine:
    """What OpenRefine does: it knows an address, and what the manifest there says."""

    address: str

    def get(self, address: str, **query: str) -> httpx2.Response:
        url = httpx2.URL(address)
        for name, text in query.items():
            url = url.copy_add_param(name, text)
        return httpx2.get(url, timeout=60)

    def post(self, form: dict[str, str]) -> httpx2.Response:
        return httpx2.post(self.address, data=form, timeout=60)

    @property
    def manifest(self) -> Any:
        return self.get(self.address).json()

    def batch(self, **queries: Any) -> Any:
        answer = self.post({"queries": json.dumps(queries)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def extend(self, ids: list[str], *properties: str) -> Any:
        wanted = {"ids": ids, "properties": [{"id": each} for each in properties]}
        return self.post({"extend": json.dumps(wanted)}).json()

    def suggest(self, what: str, prefix: str) -> Any:
        place = self.manifest["suggest"][what]
        address = place["service_url"] + place["service_path"]
        # Its widget adds parameters of its own, which no service declares.
        return self.get(address, prefix=prefix, type_strict="any", _="17").json()["result"]


def ticket(site: Site, role: str = "department") -> Any:
    return site.post("/v1/reconciliation-tickets", {"hours": 1}, role).json()


@pytest.fixture
def refine(site: Site) -> Refine:
    return Refine(site.url + ticket(site)["address"])


@dataclass(frozen=True)
class Firm:
    """A firm of the district as the register has it."""

    id: str
    name: str
    code: str
    head: str


@pytest.fixture(scope="session")
def firms(site: Site) -> list[Firm]:
    """Firms of the district with a code and a head, as the register has them."""
    with site.house.store() as store:
        found: list[Firm] = []
        for row in store.facts.relations(None).to_pylist():
            subject, head = (store.finder.by_id(row[end]) for end in ("target", "source"))
            if row["type"] != "legal_representative" or subject is None or head is None:
                continue
            held = [i for m in store.finder.members(subject.id) for i in m["identifiers"]]
            code = [i["value"] for i in held if (i["type"], i["status"]) == ("uscc", "valid")]
            if code and subject.strong and subject.name not in {each.name for each in found}:
                found.append(Firm(subject.id, subject.name, code[0], head.name))
            if len(found) == 12:
                break
    return found


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # the client's own
def test_a_client_from_pypi_reconciles_a_column(site: Site, firms: list[Firm]) -> None:
    names = pd.Series([firm.name for firm in firms])
    codes = pd.Series([firm.code for firm in firms])
    found = reconcile(
        names,
        type_id="organisation",
        property_mapping={"uscc": codes},
        reconciliation_endpoint=site.url + ticket(site)["address"],
    )
    assert list(found["id"]) == [firm.id for firm in firms]
    assert found["match"].all()


def test_the_manifest_says_where_everything_is(refine: Refine) -> None:
    told = refine.manifest
    assert told["versions"] == ["0.2"]
    for part in ("identifierSpace", "schemaSpace"):
        assert told[part].startswith("http")
    assert "{{id}}" in told["view"]["url"]
    assert "{{id}}" in told["preview"]["url"]
    assert [each["id"] for each in told["defaultTypes"]] == ["organisation"]


def test_a_name_finds_its_subject_first(refine: Refine, firms: list[Firm]) -> None:
    told = refine.batch(**{f"q{n}": {"query": firm.name} for n, firm in enumerate(firms)})
    assert set(told) == {f"q{n}" for n in range(len(firms))}
    for n, firm in enumerate(firms):
        results = told[f"q{n}"]["result"]
        assert results[0]["name"] == firm.name
        assert [each["score"] for each in results] == sorted(
            (each["score"] for each in results), reverse=True
        )
        assert {"id", "name", "score", "match", "type"} <= results[0].keys()


def test_a_code_is_sure_and_a_name_beside_it_only_helps(refine: Refine, firms: list[Firm]) -> None:
    firm, other = firms[:2]
    told = refine.batch(
        plain={"query": firm.code},
        beside={"query": other.name, "properties": [{"pid": "uscc", "v": firm.code}]},
        alone={"properties": [{"pid": "uscc", "v": [firm.code]}]},
        typed={"query": firm.code, "type": ["government_body"]},
        head={"query": firm.name, "properties": [{"pid": "representative", "v": firm.head}]},
    )
    for key in ("plain", "beside", "alone"):
        (only,) = told[key]["result"]
        assert (only["id"], only["match"]) == (firm.id, True)
    assert told["typed"]["result"] == []
    assert told["head"]["result"][0]["id"] == firm.id


def test_a_person_is_never_reconciled(refine: Refine, firms: list[Firm]) -> None:
    told = refine.batch(
        name={"query": firms[0].head},
        number={"query": "520201199001010010"},
        typed={"query": firms[0].head, "type": "person"},
    )
    kinds = {each["type"][0]["id"] for key in told for each in told[key]["result"]}
    assert "person" not in kinds
    assert told["typed"]["result"] == told["number"]["result"] == []


def test_typed_text_is_completed(refine: Refine, firms: list[Firm]) -> None:
    assert firms[0].name in {each["name"] for each in refine.suggest("entity", firms[0].name[:6])}
    assert [each["id"] for each in refine.suggest("type", "个体")] == ["individual_business"]
    assert [each["id"] for each in refine.suggest("property", "信用代码")] == ["uscc"]


def test_a_table_is_extended(refine: Refine, firms: list[Firm]) -> None:
    unknown = "s-" + "0" * 24
    told = refine.extend([firms[0].id, unknown], "uscc", "kind", "colour")
    assert [each["id"] for each in told["meta"]] == ["uscc", "kind", "colour"]
    row = told["rows"][firms[0].id]
    assert {"str": firms[0].code} in row["uscc"]
    assert row["colour"] == []
    assert told["rows"][unknown] == {"uscc": [], "kind": [], "colour": []}
    place = refine.manifest["extend"]["propose_properties"]
    proposed = refine.get(place["service_url"] + place["service_path"], type="enterprise").json()
    assert {"uscc", "kind"} <= {each["id"] for each in proposed["properties"]}


def test_a_preview_may_be_framed_and_holds_no_script(refine: Refine, firms: list[Firm]) -> None:
    page = refine.get(refine.manifest["preview"]["url"].replace("{{id}}", firms[0].id))
    assert page.headers["Content-Type"].startswith("text/html")
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert firms[0].name in page.text
    assert firms[0].code in page.text
    # The public is told of a head by the first character of the name.
    assert firms[0].head not in page.text
    assert not re.search(r"<script|https?://", page.text)


def test_what_a_client_adds_is_left_alone_unless_it_is_there_twice(refine: Refine) -> None:
    assert refine.get(refine.address, callback="x").status_code == 200
    assert refine.get(f"{refine.address}&_=1&_=2").json()["code"] == "E938"


def test_pages_of_other_origins_may_read_it(refine: Refine) -> None:
    assert refine.get(refine.address).headers["Access-Control-Allow-Origin"] == "*"


def test_a_ticket_opens_this_and_nothing_else(own_site: Site) -> None:
    made = ticket(own_site)
    token = made["address"].rpartition("=")[2]
    with own_site.client(None) as client:
        assert client.get(made["address"]).status_code == 200
        assert client.get("/v1/rules", params={"ticket": token}).status_code == 401
        bearer = {"Authorization": f"Bearer {token}"}
        assert client.get("/v1/rules", headers=bearer).status_code == 401
        # A key itself is no ticket, so that nobody gets used to putting one into addresses.
        key = own_site.house.secrets["department"]  # type: ignore[index]
        assert client.get("/reconcile", params={"ticket": key}).json()["code"] == "E961"
    other = own_site.client("officer")
    with other:
        path = f"/v1/reconciliation-tickets/{made['ticket']}"
        assert other.delete(path).json()["code"] == "E960"
    with own_site.client("department") as client:
        assert client.delete(path).json()["state"] == "revoked"
    assert httpx2.get(own_site.url + made["address"], timeout=60).json()["code"] == "E961"


def test_a_ticket_ends_with_the_key_it_was_taken_with(own_site: Site) -> None:
    made = ticket(own_site, "public")
    with own_site.house.access() as access:
        uid = own_site.house.secrets["public"].split("_")[1]  # type: ignore[index]
        access.revoke(uid, access.key(uid).made_at)
    assert httpx2.get(own_site.url + made["address"], timeout=60).json()["code"] == "E961"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"queries": "{}", "extend": "{}"},
        {"queries": "[]"},
        {"queries": "{"},
        {"queries": '{"q0": {"query": 7}}'},
        {"extend": '{"ids": ["x"], "properties": []}'},
    ],
)
def test_what_cannot_be_read_is_refused(refine: Refine, form: dict[str, str]) -> None:
    answer = refine.post(form)
    assert (answer.status_code, answer.json()["code"]) in [(400, "E962"), (415, "E932")]
