"""Whatever text stands for a manifest, and whatever rows for a header: only our own errors."""

import string
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import DataError
from graph.texts import explain
from loaders.headings import heading_key
from loaders.manifest import KindTable
from loaders.manifest_reader import read_manifest, read_manifests
from loaders.recognise import nearest, recognise

_MANIFESTS = read_manifests()
_TEXTS = {
    manifest.source: (files("loaders") / "sources" / f"{manifest.source}.yaml").read_text("utf-8")
    for manifest in _MANIFESTS
}
_TREES = {source: yaml.safe_load(text) for source, text in _TEXTS.items()}
_KNOWN = sorted(
    {heading for feed in _MANIFESTS for c in feed.columns for heading in (c.name, *c.aliases)}
)

_WORDS = st.sampled_from(
    (
        *(
            "subject",
            "kind",
            "column",
            "default",
            "table",
            "@role",
        ),
        *(
            "relative",
            "form",
            "by",
            "[",
            "",
        ),
    )
)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | _WORDS
    | st.text(max_size=12)
    | st.sampled_from(_KNOWN)
)
_TREE = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_WORDS | st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


def _refusal(attempt: Callable[[], object]) -> DataError | None:
    """Return the error of ours an attempt ends in, None if it succeeds; others go on."""
    try:
        attempt()
    except DataError as error:
        return error
    return None


def _reads_or_refuses(text: str, name: str) -> None:
    error = _refusal(lambda: read_manifest(text, name))
    if error is not None:
        assert error.where.endswith(".yaml")
        assert explain(error, "zh").fix
        assert explain(error, "en").why


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) of a tree."""
    if isinstance(tree, dict):
        keys: list[Any] = list(tree)
    elif isinstance(tree, list):
        keys = list(range(len(tree)))
    else:
        return []
    return [(tree, key) for key in keys] + [found for key in keys for found in _places(tree[key])]


@given(st.data())
def test_a_manifest_changed_anywhere_reads_or_is_refused(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted(_TREES)))
    tree = yaml.safe_load(_TEXTS[source])
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(tree)
        if not places:
            break
        container, key = data.draw(st.sampled_from(places))
        match data.draw(st.sampled_from(["put", "drop", "rename", "add"])):
            case "put":
                container[key] = data.draw(_TREE)
            case "drop":
                del container[key]
            case "rename" if isinstance(container, dict):
                container[data.draw(_WORDS | st.text(max_size=6))] = container.pop(key)
            case _ if isinstance(container, dict):
                container[data.draw(_WORDS | st.text(max_size=6))] = data.draw(_TREE)
            case _:
                container.append(data.draw(_TREE))
    _reads_or_refuses(yaml.safe_dump(tree, allow_unicode=True), f"{source}.yaml")


@given(st.text(alphabet=string.printable + "中文：，\x85\u2028\ud800", max_size=200))
def test_any_text_reads_or_is_refused(text: str) -> None:
    _reads_or_refuses(text, "any.yaml")


@given(st.data())
def test_a_manifest_with_characters_changed_reads_or_is_refused(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted(_TEXTS)))
    text = _TEXTS[source]
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 20))
    put = data.draw(st.text(alphabet="{}[]:,-&*!|>'\"%@`#?\n\t \\x01aé中", max_size=6))
    _reads_or_refuses(text[:start] + put + text[start + length :], f"{source}.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: !!timestamp 2001-99-99",
        "a: !!binary x",
        "a: !!python/object:os.system x",
        '"\\UFFFFFFFF": 1',
        '"\\uD800": 1',
        "%YAML 99999999999999999999.1\n--- a",
        "a: &a [*a]",
        "a: &a [x]\nb: *a",
        "<<: {a: 1}",
        "a: 1\n---\nb: 1",
        "? [a]\n: b",
        "a: 99999999999999999999999",
        "\x00",
        "",
    ],
)
def test_the_tricks_of_yaml_are_refused(text: str) -> None:
    with pytest.raises(DataError):
        read_manifest(text, "any.yaml")


_CELLS = st.text(max_size=8) | st.sampled_from([*_KNOWN, "creditgraph_refusal", ""])


@given(
    st.lists(st.tuples(st.integers(1, 50), st.lists(_CELLS, max_size=12)), max_size=6),
    st.text(max_size=8),
)
def test_any_rows_are_recognised_or_refused(rows: list[tuple[int, list[str]]], name: str) -> None:
    nearest(rows, _MANIFESTS)
    error = _refusal(lambda: recognise(rows, _MANIFESTS, name))
    if error is not None:
        assert error.code in {"E421", "E423", "E424", "E425", "E427"}
        assert explain(error, "zh").why
        return
    found = recognise(rows, _MANIFESTS, name)
    required = {column.name for column in found.manifest.columns if column.required}
    assert required <= found.positions.keys()
    assert len(found.header) == found.width
    assert all(index < found.width for index in found.positions.values())
    assert len(set(found.positions.values())) == len(found.positions)
    assert found.header_row in {number for number, _ in rows}


@given(st.text(max_size=30) | st.sampled_from(_KNOWN))
def test_the_key_of_a_heading_does_not_depend_on_how_it_is_padded(heading: str) -> None:
    key = heading_key(heading)
    assert heading_key(f" *{heading}：\n") == key
    assert heading_key(f"{heading}（必填）") == key


def _one_of(words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words.split())


_PHRASES = _one_of(
    """吊销 暂扣 撤销 取缔 责令关闭 网站 营业执照 食品经营许可证 种子生产经营许可证 登记证书
    药品经营许可证 罚款 禁止参加政府采购 取消投标资格 参加投标 列入安全生产失信 设立登记
    或者 不予 ，"""
)
_ACTS = _one_of(
    """销售假药 使用劣药 环评 监测报告 造假 弄虚作假 虚假 失实 伪造会计 隐匿会计 骗取医保
    欺诈骗保 消防 发生死亡事故 事故负有责任 财务造假 编制虚假财务会计报告 故意销毁会计
    变造会计 超标 ，"""
)
_BASES = _one_of(
    """药品管理法第一百一十八条 疫苗管理法第八十条 化妆品监督管理条例第六十条 食品安全法
    医疗器械监督管理条例第八十一条 建设工程安全生产管理条例第六十六条"""
)
_OFFICES = _one_of("市场监督管理局 应急管理局 民政局 生态环境局")


def _joined(phrases: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(phrases, max_size=4).map("".join)


@given(
    st.fixed_dictionaries(
        {
            "category": _joined(_PHRASES),
            "content": _joined(_PHRASES),
            "licence": _joined(_PHRASES),
            "act": _joined(_ACTS),
            "basis": _joined(_BASES),
            "authority": _joined(_OFFICES),
            "list": st.sampled_from(["", "", "是", "严重失信"]),
        }
    )
)
def test_the_shortcut_for_plain_penalties_hides_no_line(texts: dict[str, str]) -> None:
    feed = next(feed for feed in _MANIFESTS if feed.source == "penalty_v2")
    assert feed.listing is not None
    assert isinstance(feed.listing.kind, KindTable)
    kinds = [
        row.kind
        for row in feed.listing.kind.rows
        if all(row.patterns[field].search(texts[field]) for field in row.patterns)
    ]
    # The first row is the shortcut: where it holds, nothing else may.
    assert kinds[:1] != ["penalty"] or kinds == ["penalty"]
