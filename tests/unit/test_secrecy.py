"""Sealing at rest and keyed digests."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import StoreError
from graph.secrecy import Seal, digest

ONE, OTHER = Seal(bytes(range(32))), Seal(bytes(range(1, 33)))


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_again(text: bytes) -> None:
    assert ONE.open(ONE.seal(text)) == text
    assert ONE.seal(text) == ONE.seal(text)
    assert len(text) < 4 or text not in ONE.seal(text)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(StoreError, match="E512"):
        OTHER.open(ONE.seal(b"text"))
    assert ONE.seal(b"text") != OTHER.seal(b"text")


@pytest.mark.parametrize(
    "damage", [b"", b"short", ONE.seal(b"text")[:-1], ONE.seal(b"text") + b"x"]
)
def test_an_altered_text_is_told(damage: bytes) -> None:
    with pytest.raises(StoreError, match="E512"):
        ONE.open(damage)


@given(st.lists(st.sampled_from([b"null", b'{"cells":{"a":"b"}}', b"[]"]), max_size=9))
def test_a_block_holds_its_documents_in_order(documents: list[bytes]) -> None:
    assert ONE.open_block(ONE.seal_block(documents)) == b"[" + b",".join(documents) + b"]"


def test_a_worker_process_gets_the_same_seal() -> None:
    copy = pickle.loads(pickle.dumps(ONE))  # noqa: S301 - our own bytes
    assert copy.open(ONE.seal(b"text")) == b"text"
    assert copy.fingerprint() == ONE.fingerprint()


def test_lookup_keys_depend_on_key_type_and_value() -> None:
    keys = {
        ONE.key_of("uscc", "1"),
        ONE.key_of("uscc", "2"),
        ONE.key_of("regno", "1"),
        OTHER.key_of("uscc", "1"),
    }
    assert len(keys) == 4
    assert ONE.key_of("uscc", "1") in keys


def test_the_fingerprint_tells_keys_apart() -> None:
    assert ONE.fingerprint() != OTHER.fingerprint()


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(StoreError, match="E511"):
        Seal(b"short")


def test_a_digest_knows_where_its_parts_end() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")
    assert digest(b"ab") != digest(b"ab", b"")
    assert digest(b"a", b"b") == digest(b"a", b"b")
