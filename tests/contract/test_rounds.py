"""Holders as evidence, in rounds, on every store: one by one and at once come to the same."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations

from api.steps import resolve_store
from graph.ports import Store
from loaders.synthetic.codes import id_number, uscc
from tests.contract.rows import NOW, Fresh, Party, Row, write

LATER = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
U1, U2 = ("uscc", uscc("91", "XX000001")), ("uscc", uscc("91", "XX000002"))
CARD = ("id_card", id_number(11, female=False))
PASSPORT = ("passport", "E12345678")
FIRM, SHORT = "贵州某某商贸有限公司", "某某商贸有限公司"
OTHER, OTHER_SHORT = "贵州丙丁餐饮有限公司", "丙丁餐饮有限公司"
RARE, COMMON = "欧阳璟雯", "王伟"
PLACE = ("address", "六盘水市钟山区人民路12号")


def firm(
    text: str,
    name: str,
    *holders: tuple[str, str, Sequence[tuple[str, str]]],
    codes: Sequence[tuple[str, str]] = (),
    traits: Sequence[tuple[str, str]] = (),
) -> Row:
    """Return a row of a firm and who holds it: type, name and numbers."""
    people = [
        Party(f"{kind} {place}", "person", who, own)
        for place, (kind, who, own) in enumerate(holders)
    ]
    ties = [(kind, place, 0, None, None) for place, (kind, _, _) in enumerate(holders, 1)]
    subject = Party("subject", "enterprise", name, codes, traits=traits)
    return Row(text, [subject, *people], relations=ties)


# The rows of the other firm are one by their address; so who directs them is one person, known by
# a card here and a passport there; so the two rows of the first have an owner in common.
CHAIN = (
    firm("a", FIRM, ("shareholder", COMMON, [CARD]), codes=[U1]),
    firm("b", SHORT, ("shareholder", COMMON, [PASSPORT])),
    firm("c", OTHER, ("director", COMMON, [CARD]), codes=[U2], traits=[PLACE]),
    firm("d", OTHER_SHORT, ("director", COMMON, [PASSPORT]), traits=[PLACE]),
)


def subjects(store: Store, name: str) -> set[str]:
    return {each.id for each in store.finder.by_name(name, 99)}


def clusters(store: Store) -> list[tuple[str, str]]:
    return [(line[5], line[6]) for line in store.overview.clusters()]


def test_an_owner_of_a_rare_name_joins_two_rows_and_one_of_a_common_name_does_not(
    fresh: Fresh,
) -> None:
    for name, one in ((RARE, True), (COMMON, False)):
        with fresh() as store:
            write(store, "lists", [firm("b", SHORT, ("shareholder", name, ()))])
            resolve_store(store, NOW, full=False)
            write(store, "register", [firm("a", FIRM, ("shareholder", name, ()), codes=[U1])])
            resolve_store(store, LATER, full=False)
            assert (subjects(store, FIRM) == subjects(store, SHORT)) is one
            assert store.resolution.reviews().num_rows == (0 if one else 1)


def test_a_body_that_owns_is_told_by_name(store: Store) -> None:
    held = Row(
        "a",
        [Party("subject", "enterprise", FIRM), Party("shareholder", "enterprise", OTHER)],
        relations=[("shareholder", 1, 0, None, None)],
    )
    write(store, "lists", [held])
    for keys in (None, store.resolution.mentions(None).column("mention").combine_chunks()):
        told = store.resolution.traits(keys).to_pylist()
        assert [(row["type"], row["value"]) for row in told] == [("owner", OTHER)]


def test_rounds_come_to_the_same_in_whatever_order_rows_arrive(fresh: Fresh) -> None:
    found = set()
    for order in list(permutations(CHAIN))[::5]:
        with fresh() as store:
            for place, row in enumerate(order):
                write(store, "lists", [row], file=f"{place}.csv")
                resolve_store(store, NOW, full=False)
            assert subjects(store, FIRM) == subjects(store, SHORT)
            assert len({uid for _, uid in clusters(store)}) == 3
            found.add(tuple(sorted(clusters(store))))
            resolve_store(store, LATER, full=True)
            found.add(tuple(sorted(clusters(store))))
    assert len(found) == 1


def test_what_rests_on_a_row_elsewhere_falls_with_it(store: Store) -> None:
    """The row withdrawn speaks of another firm than the one that comes apart."""
    write(store, "lists", CHAIN[:3])
    write(store, "lists", CHAIN[3:], file="d.csv")
    resolve_store(store, NOW, full=False)
    assert subjects(store, FIRM) == subjects(store, SHORT)
    uid = next(batch.uid for batch in store.evidence.batches() if batch.file == "d.csv")
    store.evidence.withdraw(uid, NOW)
    resolve_store(store, LATER, full=False)
    assert len(subjects(store, FIRM) | subjects(store, SHORT)) == 2
    before = clusters(store)
    resolve_store(store, LATER, full=True)
    assert clusters(store) == before


def test_what_a_round_would_part_elsewhere_is_looked_at_with_who_comes_last(store: Store) -> None:
    """The last row has an owner in common with the first by way of two firms, one torn."""
    second, visa = ("id_card", id_number(12, female=True)), ("passport", "E00000002")
    older = ("passport", "E00000003")
    tea, tea_short = "贵州戊己茶业有限公司", "戊己茶业有限公司"
    farm, farm_short = "贵州庚辛农业有限公司", "庚辛农业有限公司"
    codes = [("uscc", uscc("91", f"XX00000{place}")) for place in range(3, 7)]
    rows = [
        firm("c", OTHER, ("legal_representative", COMMON, [CARD]), codes=codes[:1]),
        firm(
            "x",
            OTHER_SHORT,
            ("legal_representative", COMMON, [PASSPORT]),
            ("shareholder", "李娜", [visa]),
        ),
        firm("y", f"云南{OTHER_SHORT}", ("shareholder", "李娜", [second]), codes=codes[1:2]),
        firm("e", tea, ("director", "李娜", [second]), codes=codes[2:3], traits=[PLACE]),
        firm("f", tea_short, ("director", "李娜", [visa]), traits=[PLACE]),
        firm("g", farm, ("legal_representative", COMMON, [CARD]), codes=codes[3:], traits=[PLACE]),
        firm("h", farm_short, ("legal_representative", COMMON, [older]), traits=[PLACE]),
        firm("a", FIRM, ("shareholder", COMMON, [CARD]), codes=[U1]),
    ]
    write(store, "lists", rows)
    resolve_store(store, NOW, full=True)
    last = firm("b", SHORT, ("shareholder", COMMON, [PASSPORT, older]))
    write(store, "lists", [last], file="last.csv")
    resolve_store(store, LATER, full=False)
    before = clusters(store)
    assert len(subjects(store, FIRM) | subjects(store, SHORT)) == 2
    resolve_store(store, LATER, full=True)
    assert clusters(store) == before
