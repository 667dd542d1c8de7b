"""Keys: who is let in, until when, and what the audit log tells of it."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FuturesTimeout
from contextlib import closing
from datetime import timedelta
from threading import Event

import pytest

from api.service.access import Access
from api.service.chain import Chain
from api.service.roles import GRANTS, Permission, Role
from graph.errors import UsageError
from tests.e2e.service.conftest import NOW, House, Site


def test_anyone_may_ask_whether_it_is_alive_and_ready(site: Site) -> None:
    assert site.get("/healthz", None).json() == {"status": "ok"}
    assert site.get("/readyz", None).json() == {"status": "ready", "waiting": []}


def test_without_a_key_nothing_else_is_answered(site: Site) -> None:
    told = site.get("/metrics", None)
    assert told.status_code == 401
    assert told.headers["WWW-Authenticate"] == "Bearer"
    assert told.json()["code"] == "E901"


@pytest.mark.parametrize("token", ["x", "cg_", "cg_00000000_secret", "cg__", "a.b.c", "é"])
def test_a_wrong_key_is_refused(own_site: Site, token: str) -> None:
    with own_site.client(None) as client:
        headers = [(b"Authorization", f"Bearer {token}".encode())]
        told = client.get("/metrics", headers=headers)
    assert (told.status_code, told.json()["code"]) == (401, "E902")


def test_a_role_may_what_the_table_says_and_nothing_else(site: Site) -> None:
    for role in Role:
        told = site.get("/metrics", role)
        allowed = Permission.METRICS in GRANTS[role]
        assert told.status_code == (200 if allowed else 403)
    assert "creditgraph_requests_total" in site.get("/metrics", "admin").text


def test_a_key_ends_when_it_expires_is_revoked_or_replaced(own_house: House) -> None:
    with own_house.access() as access:
        key, secret = access.add_key("住建局", Role.DEPARTMENT, 1, NOW)
        assert access.holder(secret, NOW) == key
        assert access.holder(secret, NOW + timedelta(days=1)) is None
        assert access.holder(secret + "x", NOW) is None
        access.revoke(key.id, NOW + timedelta(hours=1))
        access.revoke(key.id, NOW + timedelta(hours=2))  # an earlier end stays
        assert access.holder(secret, NOW + timedelta(minutes=59)) is not None
        assert access.holder(secret, NOW + timedelta(hours=1)) is None
        with pytest.raises(UsageError, match="E920"):
            access.add_key("x", Role.PUBLIC, 0, NOW)


def test_the_file_holds_no_secret(own_house: House) -> None:
    for file in own_house.folder.iterdir():
        content = file.read_bytes()
        for secret in own_house.secrets.values():
            assert secret.split("_", 2)[2].encode() not in content
    assert own_house.service.access.stat().st_mode & 0o077 == 0


def test_processes_that_append_at_once_make_one_log(own_house: House) -> None:
    with own_house.access() as access, ThreadPoolExecutor(4) as pool:

        def append(process: int) -> None:
            # A connection of its own is what a process has.
            with closing(Chain(own_house.service.access, own_house.seal)) as chain:
                for turn in range(25):
                    chain.append([f"{process} {turn} {part}".encode() for part in range(3)])

        list(pool.map(append, range(4)))
        assert access.verify()[::2] == (300, None)
        bodies = [entry.body.decode().split() for entry in access.entries()]
    for process in range(4):
        own = [(int(turn), int(part)) for who, turn, part in bodies if int(who) == process]
        assert own == [(turn, part) for turn in range(25) for part in range(3)]


def test_an_entry_waits_for_whoever_writes_the_file(own_house: House) -> None:
    with own_house.access() as access, ThreadPoolExecutor(1) as pool:
        with access.change():
            waiting = pool.submit(access.append, [b"late"])
            with pytest.raises(FuturesTimeout):
                waiting.result(0.2)
        waiting.result(20)
        assert [entry.body for entry in access.entries()] == [b"late"]


EDITS = {
    "a changed body": "UPDATE entry SET body = '{}' WHERE number = 2",
    "a changed link": "UPDATE entry SET link = zeroblob(32) WHERE number = 2",
    "one taken out": "DELETE FROM entry WHERE number = 2",
    "one at the end taken out": "DELETE FROM entry WHERE number = 3",
    "the first taken out": "DELETE FROM entry WHERE number = 1",
    "two exchanged": "UPDATE entry SET number = 5 - number WHERE number IN (2, 3)",
    "one added": "INSERT INTO entry SELECT 4, body, link FROM entry WHERE number = 3",
    "all taken out": "DELETE FROM entry",
}


def test_who_waits_to_write_and_who_reads_meanwhile_do_not_keep_the_writer_from_ending(
    own_house: House,
) -> None:
    begun, waiting = Event(), Event()

    def write_elsewhere() -> None:
        with closing(sqlite3.connect(own_house.service.access, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            begun.set()
            waiting.wait()
            time.sleep(0.2)
            other.execute("COMMIT")

    def write(access: Access) -> None:
        begun.wait()
        waiting.set()
        with access.change() as db:
            db.execute("SELECT 1")

    with own_house.access() as access, ThreadPoolExecutor(2) as pool:
        done = [pool.submit(write_elsewhere), pool.submit(write, access)]
        while not all(each.done() for each in done):
            access.holder("cg_unknown_secret", NOW)
        for each in done:
            each.result()


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_any_edit_of_the_audit_log_is_found(own_house: House, edit: str) -> None:
    with own_house.access() as access:
        access.append([json.dumps({"at": n}).encode() for n in range(2)])
        access.append([b"{}"])
        count, head, broken = access.verify()
        assert (count, broken) == (3, None)
        assert [entry.link.hex() for entry in access.entries()][-1] == head
        with sqlite3.connect(own_house.service.access) as other:
            if edit == "two exchanged":
                other.execute("UPDATE entry SET number = -number WHERE number IN (2, 3)")
                other.execute("UPDATE entry SET number = 5 + number WHERE number < 0")
            else:
                other.execute(EDITS[edit])
        other.close()
        assert access.verify()[2] is not None
