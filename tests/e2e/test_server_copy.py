"""`creditgraph copy`: the whole district from file to server and back, nothing changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.address import Server
from tests.e2e.conftest import Shell
from tests.support.fixtures import asked, emptied, given_server

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    found = given_server(request)
    emptied(found)
    yield found
    emptied(found)


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory, office: Shell, server: Server) -> Shell:
    """Commands under the office's key on a server that holds a copy of its store."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "key").write_bytes((office.folder / "key").read_bytes())
    (folder / "key").chmod(0o600)
    shell = Shell(folder, server=server)
    answer = shell("copy", "--from", office.store, "--to", server.uri, "--json")
    assert answer.code == 0
    assert answer.json["known"] is False
    assert answer.json["rows"]["mentions"] > 100
    return shell


@pytest.mark.parametrize("what", ["clusters", "findings"])
def test_a_copy_exports_the_same_bytes(keyed: Shell, office: Shell, what: str) -> None:
    assert keyed("export", what).out == office("export", what).out


def test_copying_again_changes_nothing(keyed: Shell, office: Shell, server: Server) -> None:
    answer = keyed("copy", "--from", office.store, "--to", server.uri, "--json")
    assert (answer.code, answer.json["known"]) == (0, True)


def test_back_in_a_file_it_is_the_same_store(keyed: Shell, office: Shell, server: Server) -> None:
    back = keyed.folder / "back.db"
    assert keyed("copy", "--from", server.uri, "--to", back).code == 0
    again = keyed("copy", "--from", office.store, "--to", back, "--json")
    assert again.json["known"] is True
    assert keyed("batch", "list", "--json").json == office("batch", "list", "--json").json
    finding = next(iter(office("export", "findings").out.splitlines()[1:])).partition(",")[0]
    told = [shell("explain", finding, "--json").json for shell in (keyed, office)]
    assert told[0] == told[1]


def test_a_target_with_other_data_is_refused(
    keyed: Shell, server: Server, shell: Shell, district: Path
) -> None:
    file = next(iter(sorted((district / "files").iterdir())))
    other = keyed.folder / "other.db"
    assert keyed("load", file, "--store", other).code in (0, 1)
    before = keyed("export", "clusters").out
    for source, target in ((other, server.uri), (server.uri, other)):
        answer = keyed("copy", "--from", source, "--to", target, "--json")
        assert (answer.code, answer.json["error"]["code"]) == (4, "E531")
    assert keyed("export", "clusters").out == before


def test_a_store_is_not_copied_onto_itself(keyed: Shell, server: Server) -> None:
    answer = keyed("copy", "--from", server.uri, "--to", server.uri, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (2, "E532")


def test_a_target_under_another_key_is_refused(shell: Shell, keyed: Shell, server: Server) -> None:
    assert shell("doctor").code == 0  # makes a store and a key of its own
    other = Shell(shell.folder, server=server)
    answer = other("copy", "--from", shell.store, "--to", server.uri, "--json")
    assert (answer.code, answer.json["error"]["code"]) == (4, "E501")


def test_a_half_made_copy_is_read_by_nobody_and_made_anew(
    keyed: Shell, office: Shell, server: Server
) -> None:
    wanted = keyed("export", "clusters").out
    asked(server, "MATCH (m:Meta {name: 'store'}) SET m.copying = true")  # as a kill leaves it
    answer = keyed("status", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (4, "E533")
    answer = keyed("copy", "--from", office.store, "--to", server.uri, "--json")
    assert (answer.code, answer.json["known"]) == (0, False)
    assert keyed("export", "clusters").out == wanted


def test_a_copy_can_be_browsed(keyed: Shell, server: Server) -> None:
    shape = "MATCH (one:Subject)-[t]->(other:Subject) RETURN one.id, type(t), other.id, t.records"
    drawn = sorted(map(str, asked(server, shape)))
    assert len(drawn) > 100
    keyed("resolve", "--full")  # draws everything anew
    assert sorted(map(str, asked(server, shape))) == drawn
