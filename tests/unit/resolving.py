"""Mentions for the resolution engine, built from what a test cares about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from graph import schema
from graph.derived import Partition
from graph.secrecy import Seal, digest
from resolvers.given import Given
from resolvers.pipeline import resolve

__all__ = ["Judged", "Said", "evidence", "groups", "ids_by_text", "resolved"]

SEAL = Seal(bytes(range(32)))
Judged = tuple[str, str, str]
"""Two texts and what a person said of them."""


@dataclass(frozen=True)
class Said:
    """One mention: a text that makes its record id, and what it says.

    Attributes:
        shown: Incomplete identifiers: type, status, value.
        posts: Texts of the bodies it is in a post of; of one that is not given, its subject.
        owns: Texts of the bodies it owns shares of.
        post: Which post it is in.
        traits: Type and value of what the row tells of a body.
    """

    text: str
    codes: tuple[tuple[str, str], ...] = ()
    name: str = ""
    kind: str = "enterprise"
    version: date | None = None
    register: str = ""
    shown: tuple[tuple[str, str, str], ...] = ()
    posts: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()
    post: str = "legal_representative"
    role: str = "subject"
    traits: tuple[tuple[str, str], ...] = ()


def evidence(
    said: Sequence[Said], keys: Iterable[int] | None = None, judged: Iterable[Judged] = ()
) -> Given:
    """Return what the engine takes; `keys` are the mentions' own."""
    numbers = list(keys) if keys is not None else list(range(len(said)))
    mentions = [
        {
            "mention": key,
            "record": digest(each.text.encode()),
            "role": each.role,
            "ordinal": 0,
            "kind": each.kind,
            "name": each.name,
            "version": each.version,
            "register": each.register,
        }
        for key, each in zip(numbers, said, strict=True)
    ]
    codes = [
        {"mention": key, "type": kind, "key": SEAL.key_of(kind, value)}
        for key, each in zip(numbers, said, strict=True)
        for kind, value in each.codes
    ]
    key_of = {each.text: key for key, each in zip(numbers, said, strict=True)}
    judgements = [
        {"left": key_of[one], "right": key_of[other], "verdict": verdict}
        for one, other, verdict in judged
    ]
    posts = [
        {
            "mention": key,
            "body": key_of.get(body, -1),
            "subject": None if body in key_of else body,
            "type": kind,
        }
        for key, each in zip(numbers, said, strict=True)
        for kind, bodies in ((each.post, each.posts), ("shareholder", each.owns))
        for body in bodies
    ]
    shown = pa.Table.from_pylist(
        [
            {"mention": key, "type": kind, "status": status, "value": value}
            for key, each in zip(numbers, said, strict=True)
            for kind, status, value in (*((k, "valid", v) for k, v in each.codes), *each.shown)
        ],
        schema.SHOWN,
    )
    return Given(
        mentions=pa.Table.from_pylist(mentions, schema.MENTIONS),
        identifiers=pa.Table.from_pylist(codes, schema.IDENTIFIERS),
        judgements=pa.Table.from_pylist(judgements, schema.JUDGEMENTS),
        posts=pa.Table.from_pylist(posts, schema.POSTS),
        incomplete=pa.array([key_of[each.text] for each in said if each.shown], pa.int64()),
        traits=pa.Table.from_pylist(
            [
                {"mention": key, "type": kind, "value": value}
                for key, each in zip(numbers, said, strict=True)
                for kind, value in each.traits
            ],
            schema.TRAITS,
        ),
        read=lambda asked: shown.filter(pc.is_in(shown.column("mention"), asked)),
    )


def resolved(*said: Said, judged: Iterable[Judged] = ()) -> Partition:
    """Return what the engine makes of the mentions."""
    return resolve(evidence(said, judged=judged))


def ids_by_text(said: Sequence[Said], found: Partition) -> dict[str, str]:
    """Return the subject id of each mention, by its text; keys count from 0."""
    return {said[row["mention"]].text: row["subject"] for row in found.memberships.to_pylist()}


def groups(*said: Said, judged: Iterable[Judged] = ()) -> set[frozenset[str]]:
    """Return the partition as sets of texts."""
    parts: dict[str, set[str]] = {}
    for text, subject in ids_by_text(said, resolved(*said, judged=judged)).items():
        parts.setdefault(subject, set()).add(text)
    return {frozenset(part) for part in parts.values()}
