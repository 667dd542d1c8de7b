"""Subjects over HTTP: ids that moved, times asked about, neighbourhoods that say what they lack."""

from typing import Any

from tests.e2e.conftest import Shell
from tests.e2e.service.conftest import House, Site
from tests.e2e.service.people import cast_of


def subjects(house: House) -> set[str]:
    with house.store() as store:
        return set(store.facts.subjects(None).column("id").to_pylist())


def joined(house: House, shell: Shell) -> set[str]:
    """Judge open tasks `same`, by two people, until subjects join; return the ids that are gone."""
    before = subjects(house)
    for task in shell("review", "list", "--json").json["tasks"]:
        for name in ("甲", "乙"):
            shell("review", "decide", task["task"], "same", "--by", name, "--why", "同一人")
        if gone := before - subjects(house):
            return gone
    raise AssertionError


def test_an_id_that_moved_leads_on_and_a_split_one_to_its_parts(own_site: Site) -> None:
    house, shell = own_site.house, Shell(own_site.house.folder)
    gone = joined(house, shell)
    new = ""
    for old in gone:
        told = own_site.get(f"/v1/subjects/{old}/findings?as_of=2026-11-01")
        assert told.status_code == 308
        path, _, query = told.headers["Location"].partition("?")
        new = path.split("/")[3]
        assert (path, query) == (f"/v1/subjects/{new}/findings", "as_of=2026-11-01")
        assert new in subjects(house)
        answer = own_site.post("/v1/check", {"queries": {"a": {"subject": old}}}).json()
        assert answer["responses"]["a"]["subject"]["id"] == new
    judgements = shell("review", "list", "--judged", "--json").json["judgements"]
    for name in ("甲", "乙"):
        ids = [each["judgement"] for each in judgements]
        shell("review", "undo", *ids, "--by", name, "--why", "看错了")
    assert gone <= subjects(house)
    assert all(own_site.get(f"/v1/subjects/{old}").status_code == 200 for old in gone)
    if new not in subjects(house):
        told = own_site.get(f"/v1/subjects/{new}")
        assert (told.status_code, told.json()["code"]) == (410, "E602")
        assert gone <= set(told.json()["successors"])


def test_the_time_asked_about_counts(site: Site) -> None:
    firm = cast_of(site.house).firm
    path = f"/v1/subjects/{firm.id}/findings"
    now = site.get(path).json()
    assert now["own"]
    early = site.get(path, as_of="2000-01-01").json()
    assert (early["own"], early["listings"]) == ([], [])
    unknown = site.get(f"/v1/subjects/{firm.id}/findings", known_at="2026-11-01T00:00:00Z")
    assert unknown.status_code in (200, 404)
    assert not unknown.json().get("own")


def test_a_neighbourhood_says_what_it_leaves_out(site: Site) -> None:
    firm = cast_of(site.house).firm
    path = f"/v1/subjects/{firm.id}/graph"
    whole = site.get(path, depth=2).json()
    assert whole["partial_results"] is False
    nodes = {node["id"]: node["depth"] for node in whole["nodes"]}
    assert nodes[firm.id] == 0
    assert len(nodes) > 2
    for edge in whole["edges"]:
        assert {edge["from"], edge["to"]} <= nodes.keys()
    cut = site.get(path, depth=2, limit=2).json()
    assert (cut["partial_results"], cut["cut"], len(cut["nodes"])) == (True, ["limit"], 2)
    kept = site.get(path, depth=2, types="director").json()
    assert {edge["type"] for edge in kept["edges"]} == {"director"}
    public = site.get(path, "public", depth=2).json()
    assert public["cut"] == ["persons"]
    assert all(node["depth"] < 2 for node in public["nodes"])


def test_relations_are_told_in_parts(site: Site) -> None:
    firm = cast_of(site.house).firm
    path = f"/v1/subjects/{firm.id}/relations"
    whole = site.get(path).json()
    assert whole["total"] == len(whole["relations"]) > 1
    parts: list[dict[str, Any]] = []
    for offset in range(whole["total"]):
        parts += site.get(path, limit=1, offset=offset).json()["relations"]
    assert parts == whole["relations"]


def test_the_feed_is_read_on_from_where_it_was_left(site: Site) -> None:
    cursor, seen = 0, []
    while True:
        page = site.get("/v1/changes", cursor=cursor, limit=7).json()
        if page["next"] == cursor:
            break
        seen += [change["cursor"] for change in page["changes"]]
        cursor = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) > 20


def test_the_catalogue_is_not_sent_twice(site: Site) -> None:
    first = site.get("/v1/catalog")
    assert first.json()["index_stale"] is False
    with site.client() as client:
        tag = {"If-None-Match": first.headers["ETag"]}
        assert client.get("/v1/catalog", headers=tag).status_code == 304
        other = {"If-None-Match": '"other"'}
        assert client.get("/v1/catalog", headers=other).status_code == 200
