"""Shapes of the Arrow tables that move between a store and the engines."""

from typing import Final

import pyarrow as pa

__all__ = [
    "IDENTIFIERS",
    "JUDGEMENTS",
    "MEETINGS",
    "MEMBERSHIPS",
    "MENTIONS",
    "POSTS",
    "RELATIONS",
    "REVIEWS",
    "SHOWN",
    "SUBJECTS",
    "SUBJECT_KEYS",
    "TRACES",
    "TRAITS",
]

MENTIONS: Final = pa.schema(
    [
        ("mention", pa.int64()),  # the store's own key, unique, order carries no meaning
        ("record", pa.binary(16)),  # record id; with role and ordinal it is the contract id
        ("role", pa.string()),
        ("ordinal", pa.int32()),
        ("kind", pa.string()),  # a subject kind
        ("name", pa.string()),  # '' when the row gives none
        ("version", pa.date32()),  # how new the row is, by its own dates
        ("register", pa.string()),  # the source, where the row is from a register, else ''
    ]
)
"""Active mentions: at least one sighting in a batch that is not withdrawn."""

IDENTIFIERS: Final = pa.schema(
    [
        ("mention", pa.int64()),
        ("type", pa.string()),
        ("key", pa.binary(16)),  # keyed digest of (type, canonical value)
    ]
)
"""Full identifiers only (valid or repaired), implied ones included, one row per mention,
type and key. Values never leave the store: equality of keys is equality of values."""

JUDGEMENTS: Final = pa.schema(
    [
        ("left", pa.int64()),
        ("right", pa.int64()),
        ("verdict", pa.string()),  # same | different
    ]
)
"""Judgements in force on pairs of active mentions: a set, the order carries no meaning."""

POSTS: Final = pa.schema(
    [
        ("mention", pa.int64()),  # a person
        ("body", pa.int64()),  # the mention in whose post the person is
        ("subject", pa.string()),  # current subject of the body, for bodies not asked about
        ("type", pa.string()),  # a post, or how the person owns the body
    ]
)
"""Who holds or held a post or a share where, by what active rows state, whatever the day."""

SHOWN: Final = pa.schema(
    [
        ("mention", pa.int64()),
        ("type", pa.string()),
        ("status", pa.string()),
        ("value", pa.string()),
    ]
)
"""Identifiers as read, incomplete ones (masked, cut or failing their check) included."""

TRAITS: Final = pa.schema(
    [
        ("mention", pa.int64()),
        ("type", pa.string()),  # representative | phone | address | founded | uscc | owner
        ("value", pa.string()),  # as read; of a phone a keyed digest, of an owner a body's name
    ]
)
"""What active rows tell of bodies beside names, to compare them by."""

SUBJECTS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("kind", pa.string()),
        ("name", pa.string()),
        ("strong", pa.bool_()),  # identity rests on a full identifier or a reviewer's word
    ]
)

MEMBERSHIPS: Final = pa.schema(
    [
        ("mention", pa.int64()),
        ("subject", pa.string()),
        ("strong", pa.bool_()),  # joined by a full identifier or judgement, or alone with one
    ]
)
"""The partition: every mention given appears exactly once."""

SUBJECT_KEYS: Final = pa.schema(
    [
        ("subject", pa.string()),
        ("type", pa.string()),
        ("key", pa.binary(16)),
        ("disputed", pa.bool_()),  # held by several subjects: identifies none of them
    ]
)
"""Every identifier key held by a subject's mentions."""

TRACES: Final = pa.schema(
    [
        ("subject", pa.string()),
        (
            "key",
            pa.binary(16),
        ),  # digest of a full name, of a name in a post of one body, or of bodies alike
    ]
)
"""By what else than identifiers a subject may be joined: who shares a key is looked at together."""

MEETINGS: Final = pa.schema(
    [
        ("subject", pa.string()),
        ("key", pa.int64()),
        ("known", pa.bool_()),  # all who have the key there are one with a full code
    ]
)
"""Where bodies that are like a subject would meet it: looked up, never followed further."""

REVIEWS: Final = pa.schema(
    [
        ("subject", pa.string()),
        ("other", pa.string()),
        ("reason", pa.string()),  # stable code, a key of the message catalogue
        ("type", pa.string()),
        ("key", pa.binary(16)),
    ]
)
"""What a machine must not decide: pairs of subjects (id order) and why a person is asked."""

RELATIONS: Final = pa.schema(
    [
        ("type", pa.string()),
        ("source", pa.string()),
        ("target", pa.string()),
        ("since", pa.date32()),
        ("until", pa.date32()),
        ("share", pa.float64()),
        ("record", pa.string()),
        ("strong", pa.bool_()),  # both mentions are strong members of their subjects
    ]
)
"""Current relation statements between subjects, person or owner first."""
