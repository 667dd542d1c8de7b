"""The Neo4j server tests run on: the one given by NEO4J_URI, else one started for the session."""

import os
from typing import NoReturn

import neo4j
import pytest
from xdist.scheduler import LoadScopeScheduling

from graph.store.address import Server

__all__ = ["NEO4J", "OneServer", "asked", "claimed", "emptied", "given_server", "impossible"]

NEO4J = pytest.param("neo4j", marks=pytest.mark.neo4j, id="neo4j")
_EMPTY = """
MATCH (n) WHERE NOT (n:Meta AND n.name = 'tests')
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
"""
_OURS = """
OPTIONAL MATCH (mark:Meta {name: 'tests'})
RETURN mark IS NOT NULL OR NOT EXISTS { MATCH () }
"""


class OneServer(LoadScopeScheduling):  # type: ignore[misc]
    """Sends every test of the server to one worker: they share its one database."""

    def _split_scope(self, nodeid: str) -> str:
        return "neo4j" if "[neo4j" in nodeid or "test_server_" in nodeid else nodeid


def given_server(request: pytest.FixtureRequest) -> Server:
    """Return the session's server."""
    server: Server = request.getfixturevalue("neo4j_server")
    return server


def impossible(why: str) -> NoReturn:
    """Skip for a reason, or fail where a server is required."""
    if os.environ.get("CREDITGRAPH_REQUIRE_NEO4J") == "1":
        pytest.fail(f"a Neo4j server is required: {why}")
    pytest.skip(why)


def claimed(server: Server) -> Server:
    """Mark the database as one for tests, which empty it; refuse one that holds anything."""
    with _driver(server) as driver:
        if not driver.execute_query(_OURS).records[0][0]:
            pytest.fail(f"{server.uri} holds data; tests would delete it. Give an empty database")
        driver.execute_query("MERGE (:Meta {name: 'tests'})")
    return server


def emptied(server: Server) -> None:
    """Delete everything in the database."""
    with _driver(server) as driver, driver.session() as session:
        session.run(_EMPTY).consume()


def asked(server: Server, text: str) -> list[neo4j.Record]:
    """Run a statement of a test's own; return its rows."""
    with _driver(server) as driver, driver.session() as session:
        return list(session.run(text))


def _driver(server: Server) -> neo4j.Driver:
    return neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password))
