"""What a column can say of a party or a day: the words feed files use for their cells."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from graph.identifiers import org_code_check
from loaders.synthetic.firms import Organisation
from loaders.synthetic.people import Person
from loaders.synthetic.words import firm_words
from loaders.synthetic.world import Party

__all__ = ["CARDS", "CODES", "DATE_FORMS", "attribute"]

_KIND_TEXTS: Final = {
    "enterprise": "有限责任公司（自然人投资或控股）",
    "branch": "有限责任公司分公司",
    "individual_business": "个体工商户",
    "cooperative": "农民专业合作社",
    "social_organisation": "社会团体",
    "public_institution": "事业单位",
    "rural_collective": "农村集体经济组织",
    "government_body": "机关",
}


def _category(party: Party) -> str:
    if isinstance(party, Person):
        return "自然人"
    return "个体工商户" if party.kind == "individual_business" else "法人及非法人组织"


def _old_tax_id(organisation: Organisation) -> str:
    return f"520201{organisation.body}{org_code_check(organisation.body)}"


_OF_ORGANISATION: Final[Mapping[str, Callable[[Organisation], str]]] = {
    "uscc": lambda o: o.uscc,
    "org_code": lambda o: o.org_code,
    "regno": lambda o: o.regno,
    "old_tax_id": _old_tax_id,
    "code": lambda o: o.uscc,
    "court_number": lambda o: o.org_code,
    "pripid": lambda o: o.pripid if o.regno else "",
    "court_party": lambda _: "1",
    "address": lambda o: o.address,
    "kind": lambda o: _KIND_TEXTS[o.kind],
    "status": lambda o: o.status,
    "trade": lambda o: firm_words().trades[o.trade].code,
    "scope": lambda o: firm_words().trades[o.trade].scope,
    "trade_name": lambda o: firm_words().trades[o.trade].name,
    "capital": lambda o: str(o.capital),
    "established": lambda o: o.established.isoformat(),
    "certificate": lambda o: f"事证第{152_000_000_000 + o.index}号",
    "social_certificate": lambda o: f"黔钟社证字第{o.index:06d}号",
}
_OF_PERSON: Final[Mapping[str, Callable[[Person], str]]] = {
    "card": lambda p: p.id_number,
    "card_type": lambda _: "身份证",
    "card_code": lambda _: "01",
    "code": lambda p: p.id_number,
    "court_number": lambda p: f"{p.id_number[:10]}****{p.id_number[14:]}",
    "court_party": lambda _: "0",
    "hidden_birth": lambda p: f"{p.id_number[:6]}********{p.id_number[14:]}",
    "sex": lambda p: "女" if p.female else "男",
    "country": lambda _: "中国",
}
CODES: Final = frozenset({"uscc", "org_code", "regno", "old_tax_id", "code"})
CARDS: Final = frozenset({"card"})

DATE_FORMS: Final[Mapping[str, Callable[[date], str]]] = {
    "dash": date.isoformat,
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "zh": lambda day: f"{day.year}年{day.month:02d}月{day.day:02d}日",
    "compact": lambda day: f"{day:%Y%m%d}",
    "serial": lambda day: str((day - date(1899, 12, 30)).days),
}


def attribute(party: Party, name: str, day: date) -> str:
    """Return what a party has under a name on a day; empty where its kind has no such thing.

    Raises:
        KeyError: No kind of party has the name: a slip in a feed file.
    """
    if name == "name":
        return party.name if isinstance(party, Person) else party.name_on(day)
    if name == "phone":
        return party.phone
    if name == "category":
        return _category(party)
    if isinstance(party, Organisation):
        found = _OF_ORGANISATION.get(name)
        return found(party) if found is not None else _absent(name, _OF_PERSON)
    held = _OF_PERSON.get(name)
    return held(party) if held is not None else _absent(name, _OF_ORGANISATION)


def _absent(name: str, other: Mapping[str, object]) -> str:
    if name not in other:
        raise KeyError(name)
    return ""
