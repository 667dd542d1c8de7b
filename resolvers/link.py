"""A table and a scorecard in, a model and clusters out: the one orchestrator of matching.

Pure: no store, no clock; the seed comes from the caller. Rows are put in order of their key
first, so that neither the model nor a cluster can depend on the order they came in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.errors import DataError
from resolvers.agglomerate import agglomerate, barred, neighbourhoods, pairs_within
from resolvers.blocking import KeyReport, Pairs, block
from resolvers.distinct import codes
from resolvers.estimate import Learned, learn
from resolvers.evaluate import joined
from resolvers.features import Feature
from resolvers.levels import Matrix, coded, compare
from resolvers.model import Model
from resolvers.name_columns import COLUMNS, name_columns
from resolvers.rarity import Frequencies, frequencies
from resolvers.scorecard import FeatureSpec, Scorecard
from resolvers.scorecard_features import BY_WORD, feature

__all__ = ["Linked", "link", "standardise"]

Bits = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Linked:
    """Who is the same as whom.

    Attributes:
        keys: Key of each row, in order.
        cluster: For each row the place of its cluster's first row.
        review: The same if all that is worth a person's look were joined as well.
        at: The same as `cluster` for each further line asked for.
        left, right, bits: Candidate pairs and their weights.
        made_by: Bit k is set where the k-th blocking key made the pair.
        model: What the weights come from.
        report: What each blocking key made and lost.
    """

    keys: pa.Array
    cluster: Ints
    review: Ints
    at: tuple[Ints, ...]
    left: Ints
    right: Ints
    bits: Bits
    made_by: Ints
    model: Model
    report: tuple[KeyReport, ...]


def link(
    table: pa.Table,
    card: Scorecard,
    seed: int,
    model: Model | None = None,
    lines: Sequence[float] = (),
) -> Linked:
    """Return clusters of the rows of a table.

    Args:
        seed: Of the random pairs a model is learned from.
        model: One learned before; None learns it from this table.
        lines: Further bits from which groups could be merged, to be told beside the scorecard's.

    Raises:
        DataError: E855, an expression does not fit the table; E856, keys are not distinct.
    """
    rows = standardise(table, card)
    apart = codes(rows.column(card.apart))[1] if card.apart else None
    pairs = block(rows, card.blocking, apart)
    known = _frequencies(rows, card) if model is None else model.frequencies
    features = [feature(spec, known.get(spec.name, {})) for spec in card.features]
    rows = coded(rows, sorted({name for each in features for name in each.columns}))
    levels = compare(features, rows, pairs.left, pairs.right)
    if model is None:
        held = _held(card, frozenset(table.column_names))
        learned = learn(rows, features, (pairs, levels), held, (card.sample, seed))
        model = _model(card, seed, learned, known)
    weighing = _Weighing(rows, card, tuple(features), model, _points(rows, card), apart)
    bits, doubted = weighing.bits(pairs.left, pairs.right, levels)
    (cluster, *at), review = _clusters(weighing, pairs, (bits, doubted), lines)
    keys, told = rows.column(card.key).combine_chunks(), (pairs.left, pairs.right, bits, pairs.keys)
    return Linked(keys, cluster, review, tuple(at), *told, model, pairs.report)


@dataclass(frozen=True, slots=True)
class _Weighing:
    """All that weighing a pair of rows takes."""

    rows: pa.Table
    card: Scorecard
    features: tuple[Feature, ...]
    model: Model
    points: Ints
    apart: Ints | None

    def bits(self, left: Ints, right: Ints, levels: Matrix | None = None) -> tuple[Bits, Bools]:
        """Return the weights of pairs, without end below where a veto forbids them, and doubts."""
        if levels is None:
            levels = compare(self.features, self.rows, left, right)
        veto = barred(self.points, left, right)
        doubt = np.zeros(len(left), dtype=np.bool_)
        for spec, level in zip(self.card.features, levels.T, strict=True):
            if spec.vetoes or spec.doubts:
                own = spec.own(level)
                veto |= np.isin(own, spec.vetoes)
                doubt |= np.isin(own, spec.doubts)
        if self.apart is not None:
            veto |= self.apart[left] == self.apart[right]
        return np.where(veto, -np.inf, self.model.weigh(levels)), doubt


def _model(card: Scorecard, seed: int, learned: Learned, known: Mapping[str, Frequencies]) -> Model:
    rates = {
        spec.name: each.at_most(_most(spec, len(each.bits)))
        for spec, each in zip(card.features, learned.rates, strict=True)
    }
    return Model(card.name, card.digest, seed, learned.prior, rates, known)


def _clusters(
    weighing: _Weighing, pairs: Pairs, weighed: tuple[Bits, Bools], lines: Sequence[float]
) -> tuple[list[Ints], Ints]:
    """Return the first row of each row's cluster, by what merges, by each line, and for review."""
    count, limits = weighing.rows.num_rows, weighing.card.limits
    bits, doubted = weighed
    bounds = (limits.connect, limits.largest)
    labels = neighbourhoods((pairs.left, pairs.right), bits, count, bounds)
    left, right = pairs_within(labels)
    wanted, known = left * count + right, pairs.left * count + pairs.right
    place = np.searchsorted(known, wanted)
    place[place == len(known)] = 0
    found = known[place] == wanted if len(known) else np.zeros(len(wanted), dtype=np.bool_)
    inside, doubts = np.zeros(len(wanted)), np.zeros(len(wanted), dtype=np.bool_)
    inside[found], doubts[found] = bits[place[found]], doubted[place[found]]
    inside[~found], doubts[~found] = weighing.bits(left[~found], right[~found])
    merged = agglomerate(labels, np.where(doubts, -np.inf, inside), (limits.merge, *lines))
    (review,) = agglomerate(labels, inside, (limits.review,))
    both = joined(review, np.c_[merged[0], np.arange(count)])
    _, first, back = np.unique(both, return_index=True, return_inverse=True)
    return merged, np.asarray(first[back], dtype=np.int64)


def standardise(table: pa.Table, card: Scorecard) -> pa.Table:
    """Return the key and the fields of a scorecard, in order of the key.

    Where a scorecard says which field holds names of bodies, their parts are fields too. Empty
    texts become null: what is not there is never compared.
    """
    own = [card.key, *([card.apart] if card.apart else [])]
    with duckdb.connect(config={"enable_external_access": False}) as connection:
        connection.register("given", table)
        chosen = [f'"{name}"' for name in own]
        chosen += [f'{_told(text)} AS "{name}"' for name, text in card.fields.items()]
        query = f'SELECT {", ".join(chosen)} FROM given ORDER BY "{card.key}"'  # noqa: S608
        try:
            rows = connection.sql(query).to_arrow_table()
        except duckdb.Error as fault:
            raise _misfit(connection, card) from fault
    keys = rows.column(card.key)
    if keys.null_count or len(keys.unique()) != len(keys):
        raise DataError("E856", where=card.name, key=card.key)
    if card.names is None:
        return rows
    parts = name_columns(rows.column(card.names))
    for name in parts.column_names:
        if name in rows.column_names:
            raise DataError("E854", where=f"{card.name}: fields", value=name, allowed="")
        rows = rows.append_column(name, parts.column(name))
    return rows


def _most(spec: FeatureSpec, levels: int) -> tuple[float, ...]:
    """Return the most bits each level may add, none if there is no bound."""
    if not spec.most:
        return ()
    own = np.minimum(spec.own(np.arange(levels)), len(spec.most))
    return (0.0, *(spec.most[level - 1] for level in own[1:].tolist()))


def _told(expression: str) -> str:
    return f"nullif(({expression})::VARCHAR, '')"


def _misfit(connection: duckdb.DuckDBPyConnection, card: Scorecard) -> DataError:
    """Return the error of the first expression that does not fit."""
    own = {card.key: f'"{card.key}"'} | ({card.apart: f'"{card.apart}"'} if card.apart else {})
    for name, expression in (own | dict(card.fields)).items():
        try:
            connection.sql(f"SELECT {expression} FROM given LIMIT 0").fetchall()  # noqa: S608
        except duckdb.Error as fault:
            reason = str(fault).splitlines()[0]
            return DataError("E855", where=f"{card.name}: fields.{name}", reason=reason)
    return DataError("E855", where=f"{card.name}: fields", reason="")


def _frequencies(rows: pa.Table, card: Scorecard) -> dict[str, Frequencies]:
    wanted = [spec for spec in card.features if spec.rarity or spec.compare in BY_WORD]
    return {
        spec.name: frequencies(
            rows.column((spec.rarity and spec.rarity.of) or spec.column),
            words=spec.compare in BY_WORD,
        )
        for spec in wanted
    }


def _held(card: Scorecard, columns: frozenset[str]) -> list[list[bool]]:
    """Return for each key the features that read a column of the table which it joins on."""
    sources: dict[str, frozenset[str]] = {}
    for name, text in card.fields.items():
        told = _words((text,))
        # An expression may use a field told before it; the table's own columns come first.
        earlier = (sources[word] for word in told & set(sources) - columns)
        sources[name] = (told & columns).union(*earlier)
    if card.names is not None:
        sources |= dict.fromkeys(COLUMNS, sources[card.names])
    held = []
    for key in card.blocking:
        joined = [sources[name] for name in _words((*key.by, *key.then)) & set(sources)]
        read = frozenset().union(*joined)
        held.append([bool(sources[spec.column] & read) for spec in card.features])
    return held


def _words(expressions: Sequence[str]) -> frozenset[str]:
    """Return the names an SQL expression may refer to."""
    bare = (re.sub(r"'[^']*'", "", text) for text in expressions)
    return frozenset(word for text in bare for word in re.findall(r"[^\W\d]\w*", text))


def _points(rows: pa.Table, card: Scorecard) -> Ints:
    """Return the number of what each row says on each veto, -1 where it says nothing."""
    points = [codes(rows.column(name))[1] for name in card.vetoes]
    return np.array(points, dtype=np.int64).reshape(len(points), rows.num_rows)
