"""Names of bodies cut up column by column."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.name_columns import COLUMNS, name_columns


def _read(*names: str | None) -> list[dict[str, str | None]]:
    return list(name_columns(pa.array(names, pa.string())).to_pylist())


@pytest.mark.parametrize(
    ("name", "form", "region", "core"),
    [
        ("贵州省六盘水市钟山区甲辰商贸有限责任公司", "limited", "520201", "甲辰商贸"),
        ("六盘水 甲辰商贸有限公司", "limited", "520200", "甲辰商贸"),
        ("貴州甲辰商貿股份有限公司", "joint_stock", "520000", "甲辰商贸"),
        ("甲辰商贸", None, None, "甲辰商贸"),
        # A county without its kind may as well be a firm's own word.
        ("水城甲辰商贸有限公司", "limited", None, "水城甲辰商贸"),
        # 市政 is what the firm does; the city is 杭州.
        ("杭州市政工程有限公司", "limited", "330100", "市政工程"),
        # A place that is not inside the one before is the firm's own word.
        ("贵州杭州市饮食有限公司", "limited", "520000", "杭州市饮食"),
        # What would leave nothing of the name is none of its regions.
        ("贵州有限公司", "limited", None, "贵州"),
    ],
)
def test_parts(name: str, form: str | None, region: str | None, core: str) -> None:
    (told,) = _read(name)
    assert (told["form"], told["region"], told["core"]) == (form, region, core)


def test_figures_tell_sister_bodies_apart() -> None:
    one, two, none = _read("甲辰药业第一药店", "甲辰药业第二药店", "甲辰药业药店")
    assert (one["numbers"], two["numbers"], none["numbers"]) == ("一", "二", None)


@given(
    st.lists(
        st.one_of(st.none(), st.text("贵州省六盘水市甲辰有限公司()  ", max_size=14)), max_size=9
    )
)
def test_a_name_is_read_alike_alone_and_among_others(names: list[str | None]) -> None:
    together = _read(*names)
    assert together == [_read(name)[0] for name in names]
    assert all(list(row) == list(COLUMNS) for row in together)
