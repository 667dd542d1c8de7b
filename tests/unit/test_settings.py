"""Settings: an option wins over the environment, which wins over the default."""

from collections.abc import Mapping
from pathlib import Path

import platformdirs
import pytest

from api.keys import load_or_make_key
from api.settings import read_settings
from graph.errors import UsageError
from graph.store.address import Server

NOTHING: Mapping[str, str | None] = {"store": None, "key_file": None, "lang": None}


def test_without_a_word_everything_is_the_users_own_and_chinese() -> None:
    settings = read_settings(NOTHING, {})
    assert settings.store == platformdirs.user_data_path("creditgraph") / "creditgraph.db"
    assert settings.key_file == platformdirs.user_config_path("creditgraph") / "key"
    assert settings.lang == "zh"
    assert set(settings.origins.values()) == {"default"}


def test_the_nearer_source_wins_and_each_value_remembers_its_own() -> None:
    environment = {"CREDITGRAPH_STORE": "far.db", "CREDITGRAPH_KEY_FILE": "k", "HOME": "/x"}
    settings = read_settings({"store": "near.db", "lang": None}, environment)
    assert settings.as_dict() == {
        "store": {"value": "near.db", "origin": "option"},
        "key_file": {"value": "k", "origin": "environment"},
        "lang": {"value": "zh", "origin": "default"},
        "reviewer": {"value": "", "origin": "default"},
        "nice": {"value": "10", "origin": "default"},
    }


@pytest.mark.parametrize("text", ["-1", "20", "ten", "1.5", "１０"])
def test_a_niceness_is_from_0_to_19(text: str) -> None:
    with pytest.raises(UsageError, match="E911"):
        read_settings({}, {"CREDITGRAPH_NICE": text})


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({}, {"CREDITGRAPH_LANG": ""}).origins["lang"] == "default"


def test_the_key_file_of_the_environment_is_the_one_read(key_file: Path) -> None:
    settings = read_settings(NOTHING, {"CREDITGRAPH_KEY_FILE": str(key_file)})
    assert load_or_make_key(settings.key_file) == bytes(range(32))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("a.db", Path("a.db"), id="relative"),
        pytest.param("/data/a.db", Path("/data/a.db"), id="absolute"),
        pytest.param("sqlite:///a.db", Path("a.db"), id="three-slashes-are-relative"),
        pytest.param("sqlite:////data/a.db", Path("/data/a.db"), id="four-slashes-are-absolute"),
        pytest.param("~/a.db", Path.home() / "a.db", id="home"),
        pytest.param("信用 数据/库.db", Path("信用 数据/库.db"), id="chinese-and-a-space"),
    ],
)
def test_a_store_is_a_path_or_a_sqlite_address(text: str, path: Path) -> None:
    assert read_settings({"store": text}, {}).store == path


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        pytest.param("lang", "fr", "E101", id="language"),
        pytest.param("lang", "", "E101", id="empty-language"),
        pytest.param("store", "", "E102", id="empty-store-is-not-the-default-store"),
        pytest.param("store", "sqlite:///", "E102", id="address-without-path"),
        pytest.param("store", "sqlite://a.db", "E102", id="two-slashes"),
        pytest.param("store", "postgres://host/db", "E102", id="unknown-address"),
        pytest.param("store", ":memory:", "E102", id="store-that-forgets"),
        pytest.param("store", "sqlite:///:memory:", "E102", id="address-that-forgets"),
        pytest.param("store", "~nobody-of-this-name/a.db", "E102", id="home-of-nobody"),
        pytest.param("store", "neo4j://", "E104", id="server-without-host"),
        pytest.param("store", "bolt://host:port", "E104", id="port-that-is-no-number"),
        pytest.param("store", "neo4j://host/other", "E104", id="server-with-a-path"),
        pytest.param("store", "neo4j://host?policy=x", "E104", id="server-with-a-query"),
        pytest.param("key_file", "", "E103", id="empty-key-file"),
        pytest.param("key_file", "~nobody-of-this-name/key", "E103", id="key-of-nobody"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(name: str, text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({name: text}, {})
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text", ["neo4j://office:secret@host/x", "neo4js://office:secret@host", "x://a:secret@@h"]
)
def test_a_refused_server_address_is_told_without_its_password(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings({"store": text}, {})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        pytest.param("neo4j://host:7687", Server("neo4j://host:7687", "office", "word"), id="env"),
        pytest.param("Bolt+S://HOST/", Server("bolt+s://host", "office", "word"), id="any-case"),
        pytest.param("bolt://[::1]:9", Server("bolt://[::1]:9", "office", "word"), id="ipv6"),
        pytest.param("bolt://me:a%40b@h", Server("bolt://h", "me", "a@b"), id="in-the-address"),
        pytest.param("bolt://me:@h", Server("bolt://h", "me", ""), id="no-password-at-all"),
    ],
)
def test_a_server_is_an_address_and_who_asks(text: str, server: Server) -> None:
    environment = {"CREDITGRAPH_NEO4J_USER": "office", "CREDITGRAPH_NEO4J_PASSWORD": "word"}
    settings = read_settings({"store": text}, environment)
    assert settings.store == server
    told = repr(settings) + str(settings.as_dict()) + settings.store_text
    assert "word" not in told.replace("password", "")
    assert "a@b" not in told


def test_without_a_word_the_server_is_asked_as_its_first_user() -> None:
    settings = read_settings({"store": "neo4j://host"}, {})
    assert settings.store == Server("neo4j://host", "neo4j", "")
    assert settings.as_dict()["neo4j_user"] == {"value": "neo4j", "origin": "default"}
