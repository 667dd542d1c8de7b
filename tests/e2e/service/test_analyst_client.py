"""The analysts' client asks a real server, and gets what the library gets of the same store."""

from datetime import date
from typing import Any

import pytest

from api.analyst import Errand, Remote, RemoteError, connect, open_store

pytest.importorskip("api.app")

CODE = "91520201XX0001011N"
LISTED = "六盘水凉辰建材有限责任公司"
DAY = date(2026, 11, 1)


def joined(site: Any, role: str = "officer") -> Remote:
    keys = {each.value: secret for each, secret in site.house.secrets.items()}
    return connect(site.url, keys[role], Errand("supervision", "案2026-1"), lang="zh")


def test_the_client_tells_what_the_library_tells(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("CREDITGRAPH_KEY_FILE", str(site.house.folder / "key"))
    asked = [CODE, LISTED, "查无此企业有限公司"]
    bidders = ["贵州腾岳市政工程有限公司", "六盘水腾辉园林绿化有限公司"]
    with open_store(str(site.house.folder / "store.db")) as desk, joined(site) as remote:
        firm = desk.subject(CODE)
        assert remote.check(CODE, DAY)["subject"]["id"] == firm.id
        assert set(remote.risks(LISTED, DAY)["rule"]) == set(desk.risks(LISTED, DAY)["rule"])
        columns = ["subject", "outcome", "restriction", "attention", "suspected", "rules"]
        there, here = remote.screen(asked, DAY)[columns], desk.screen(asked, DAY)[columns]
        assert there.fillna("").to_dict("records") == here.fillna("").to_dict("records")
        assert list(remote.pairs(bidders, DAY)["code"]) == list(desk.pairs(bidders, DAY)["code"])
        assert firm.id in set(remote.search("乌蒙源物流")["id"])
        around = remote.neighbourhood(firm.id, 1)
        now = desk.neighbourhood(firm.id, 1)
        assert {node["id"] for node in around["nodes"]} <= set(now.hops)
        assert remote.paths(CODE, LISTED)["paths"]


def test_a_long_list_is_asked_in_parts_and_answered_in_order(site: Any) -> None:
    with joined(site) as remote:
        asked = [LISTED if place % 50 == 0 else f"查无此企业{place}" for place in range(120)]
        rows = remote.screen(asked, DAY)
    assert list(rows["query"]) == asked
    assert list(rows.index[rows["outcome"] == "restriction"]) == [0, 50, 100]


def test_the_feed_is_read_to_its_end(site: Any) -> None:
    with joined(site) as remote:
        changes = list(remote.changes())
        assert len(changes) > 20
        finding = remote.explain(changes[0]["finding"])
    assert finding["id"] == changes[0]["finding"]


def test_what_the_service_refuses_is_told_in_its_words(site: Any) -> None:
    with joined(site, "public") as remote, pytest.raises(RemoteError) as refused:
        remote.paths(CODE, LISTED)
    assert refused.value.status == 403
    assert refused.value.code.startswith("E9")
    assert refused.value.__notes__
    with connect(site.url, "wrong") as remote, pytest.raises(RemoteError) as refused:
        remote.check(CODE)
    assert refused.value.status == 401
