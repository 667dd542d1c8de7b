"""`creditgraph keys` and `audit` on the command line."""

import json
import sqlite3

from tests.e2e.conftest import Shell


def test_a_key_is_made_shown_once_replaced_and_ended(shell: Shell) -> None:
    made = shell("keys", "add", "住建局", "--role", "department", "--days", "30", "--json").json
    assert made["key"].startswith(f"cg_{made['id']}_")
    assert (made["name"], made["role"], made["state"]) == ("住建局", "department", "active")
    listed = shell("keys", "list")
    assert listed.code == 0
    assert made["id"] in listed.out
    assert made["key"].rpartition("_")[2] not in listed.out
    new = shell("keys", "rotate", made["id"], "--grace", "0", "--json").json
    assert (new["name"], new["role"]) == ("住建局", "department")
    assert shell("keys", "revoke", new["id"]).code == 0
    states = {key["id"]: key["state"] for key in shell("keys", "list", "--json").json["keys"]}
    assert states == {made["id"]: "revoked", new["id"]: "revoked"}


def test_two_people_never_share_a_name(shell: Shell) -> None:
    made = shell("keys", "add", "王 五", "--role", "reviewer", "--json").json
    for name in ("王 五", " 王  五 ", "王\u3000五"):
        told = shell("keys", "add", name, "--role", "officer", "--json")
        assert (told.code, told.json["error"]["code"]) == (2, "E922")
        assert made["id"] in told.json["error"]["fix"]
    # What was judged under a name stays its own, also when the key has ended.
    shell("keys", "revoke", made["id"])
    assert shell("keys", "add", "王 五", "--role", "officer").code == 2
    assert shell("keys", "rotate", made["id"]).code == 0
    assert shell("keys", "add", "王 五", "--role", "officer", "--same-holder").code == 0
    assert len(shell("keys", "list", "--json").json["keys"]) == 3


def test_what_is_done_with_keys_is_in_the_log(shell: Shell) -> None:
    made = shell("keys", "add", "x", "--role", "auditor", "--json").json
    shell("keys", "revoke", made["id"])
    lines = shell("audit", "list").out.splitlines()
    entries = [json.loads(line) for line in lines]
    steps = [(each["action"], each.get("intends"), each.get("decided")) for each in entries]
    # First what is meant to be done: a process killed midway leaves word of it.
    assert steps == [
        ("key_added", [], None),
        ("key_added", None, [made["id"]]),
        ("key_revoked", [made["id"]], None),
        ("key_revoked", None, [made["id"]]),
    ]
    assert made["key"] not in "".join(lines)
    told = shell("audit", "verify", "--json")
    assert (told.code, told.json["entries"], told.json["broken"]) == (0, 4, None)
    assert told.json["head"] == entries[-1]["link"]
    assert shell("keys", "add", "x", "--role", "auditor").code == 2
    *_, meant, refused = map(json.loads, shell("audit", "list").out.splitlines())
    assert (meant["intends"], refused["refused"]) == ([], "E922")


def test_an_edit_of_the_log_is_found(shell: Shell) -> None:
    shell("keys", "add", "x", "--role", "admin")
    shell("keys", "add", "y", "--role", "admin")
    with sqlite3.connect(shell.folder / "store.db.access") as other:
        other.execute("UPDATE entry SET body = replace(CAST(body AS TEXT), 'key_added', 'key_x')")
    other.close()
    told = shell("audit", "verify", "--json")
    assert (told.code, told.json["broken"]) == (1, 1)


def test_mistakes_are_told(shell: Shell) -> None:
    assert shell("keys", "add", "x", "--role", "king").code == 2
    told = shell("keys", "add", "x", "--role", "admin", "--days", "0", "--json")
    assert (told.code, told.json["error"]["code"]) == (2, "E920")
    told = shell("keys", "revoke", "00000000", "--json")
    assert (told.code, told.json["error"]["code"]) == (2, "E921")
    # A store that is not there would answer "nothing found" about anybody.
    assert shell("serve").code == 4
