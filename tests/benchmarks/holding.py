"""What owners tell of firms under damaged names: rows with nothing else beside the name."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from loaders.synthetic.codes import body_of, uscc
from loaders.synthetic.people import invent_person
from resolvers.pipeline import resolve
from tests.unit.resolving import Said, evidence, ids_by_text

__all__ = ["holding"]

_REGIONS: Final = ("贵州", "六盘水", "六盘水市钟山区", "贵州盘州", "水城", "贵阳", "遵义", "云南")
_TRADES: Final = (
    "商贸", "建筑工程", "餐饮管理", "物流", "农业开发", "劳务", "装饰工程", "建材", "汽车服务",
    "园林绿化", "广告传媒", "电子科技", "矿业", "食品", "酒店管理",
)  # fmt: skip
_MARKS: Final = "鑫源盛达恒瑞丰泰宏华兴隆安康永昌金诚信佳美嘉惠民众合顺通利博远腾飞凯悦"
_FORMS: Final = ("有限公司", "有限公司", "有限责任公司")
_SISTERS: Final = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)


@dataclass(frozen=True)
class _Firm:
    """An invented firm: what it is called with and without its region, and who owns it."""

    number: int
    region: str
    rest: str
    owners: tuple[int, ...]


def holding(firms: int) -> None:
    """Print how many rows of a department join the right firm, or a wrong one, or are asked.

    The register tells firms with codes, and owners with numbers; a third of families have sister
    firms, mostly called alike. The department tells a quarter of them without code and region,
    and some of the owners, of which two in three by name alone; one firm in twenty has changed
    hands.
    """
    chance = random.Random(1)  # noqa: S311 - which ones does not matter
    invented = list(_firms(firms, chance))
    rows = [row for firm in invented for row in _registered(firm)]
    told = [firm for firm in invented if chance.random() < 1 / 4]
    lists = [row for firm in told for row in _told(firm, firms, chance)]
    print(f"{len(invented)} firms, {len(told)} rows of a department")
    for label, kept in (
        ("with owners", [*rows, *lists]),
        ("without", [each for each in [*rows, *lists] if each.kind != "person"]),
    ):
        started = time.process_time()
        found = resolve(evidence(kept))
        seconds = time.process_time() - started
        ids = ids_by_text(kept, found)
        firm_of = {ids[f"firm {firm.number}"]: firm.number for firm in invented}
        met = [(firm_of.get(ids[f"row {firm.number}"]), firm.number) for firm in told]
        right = sum(one == other for one, other in met)
        wrong = sum(one is not None and one != other for one, other in met)
        asked = {row[side] for row in found.reviews.to_pylist() for side in ("subject", "other")}
        open_ = sum(one is None and ids[f"row {other}"] in asked for one, other in met)
        print(f"{label:<12} right {right}, wrong {wrong}, asked {open_}, {seconds:.1f} s")


def _firms(count: int, chance: random.Random) -> Iterator[_Firm]:
    number = person = 0
    while number < count:
        owners = tuple(range(person, person + chance.choice((1, 2, 2, 3, 4))))
        person += len(owners)
        brand = "".join(chance.sample(_MARKS, 2))
        trade, region = chance.choice(_TRADES), chance.choice(_REGIONS)
        for sister in range(chance.choice(_SISTERS)):
            if sister and chance.random() < 2 / 3:
                trade = chance.choice(_TRADES)
            elif sister:
                region = chance.choice(_REGIONS)
            yield _Firm(number, region, f"{brand}{trade}{chance.choice(_FORMS)}", owners)
            number += 1


def _registered(firm: _Firm) -> Iterator[Said]:
    text = f"firm {firm.number}"
    code = ("uscc", uscc("91", body_of(firm.number)))
    yield Said(text, (code,), firm.region + firm.rest, register="register")
    yield from (_owner(text, each, numbered=True) for each in firm.owners)


def _told(firm: _Firm, firms: int, chance: random.Random) -> Iterator[Said]:
    text, owners = f"row {firm.number}", firm.owners
    if chance.random() < 1 / 20:
        owners = tuple(4 * firms + place for place in owners)
    yield Said(text, (), firm.rest)
    for each in chance.sample(owners, chance.randint(1, len(owners))):
        yield replace(_owner(text, each, numbered=chance.random() < 1 / 3), register="")


def _owner(firm: str, number: int, *, numbered: bool) -> Said:
    person = invent_person(1, number)
    codes = (("id_card", person.id_number),) if numbered else ()
    return Said(f"{firm} {number}", codes, person.name, kind="person", owns=(firm,))
