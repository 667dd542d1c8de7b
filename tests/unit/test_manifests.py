"""Manifests: every packaged feed reads and says what it should, every mistake is refused."""

import re
from pathlib import Path

import pytest

from graph.errors import DataError
from graph.texts import explain
from loaders.manifest import Choice, KindTable, Manifest
from loaders.manifest_reader import read_manifest, read_manifests
from loaders.parties import holds

_FEEDS = [
    "abnormal_operation",
    "bids",
    "commitments",
    "court_defaulter",
    "credit_repair",
    "environment",
    "government_body",
    "honours",
    "individual_business",
    "licence_v2",
    "market_changes",
    "market_equity_changes",
    "market_guarantees",
    "market_main",
    "market_personnel",
    "market_serious",
    "market_shareholders",
    "objection",
    "penalty_v1",
    "penalty_v2",
    "procurement_violation",
    "professionals",
    "public_institution",
    "public_register",
    "rural_collective",
    "social_organisation",
    "tax_arrears",
    "tax_grade_a",
    "tax_grade_d",
    "tax_serious",
    "wage_arrears",
    "work_safety",
]

_SMALL = """
source: small
title: {zh: 示例, en: Example}
department: {zh: 某局, en: An office}
evidence: assumed
delivery: incremental
files: ["*small*"]
columns:
  名称: {aliases: [企业名称], required: true}
  代码: [统一社会信用代码]
  法人: [法定代表人]
  证件: []
  证件类型: []
  类别: [对象类别]
  文号: {hallmark: true}
  机关: []
  日期: []
parties:
  subject:
    name: 名称
    kind: {column: 类别, patterns: {自然人: person}, default: party}
    identifiers: {代码: uscc, 证件: {by: 证件类型}}
  head: {role: legal_representative, name: 法人, kind: person}
relations:
  - {type: "@role", from: head, to: subject, since: 日期}
listing:
  party: subject
  kind: penalty
  authority: 机关
  decision_number: 文号
  since: 日期
  until: {column: 日期, inclusive: true}
  severity: general
  facts: {large_debt: {column: 类别, form: bool}}
  named: [head]
  events:
    - {status: withdrawn, on: 日期, when: {column: 类别, matches: 撤}}
natural_key: [文号, 机关]
apart_by: [类别]
version: [日期]
expectations: {max_age_days: 30, fill: {代码: 0.5}}
"""


@pytest.fixture(scope="module")
def feeds() -> dict[str, Manifest]:
    return {manifest.source: manifest for manifest in read_manifests()}


def test_the_packaged_feeds_are_all_there_and_sorted() -> None:
    assert [manifest.source for manifest in read_manifests()] == sorted(_FEEDS)


def test_reading_twice_gives_the_same_values() -> None:
    assert read_manifests() == read_manifests()


def test_a_folder_of_ones_own_is_read_like_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(_SMALL, encoding="utf-8")
    (manifest,) = read_manifests(tmp_path)
    assert manifest == read_manifest(_SMALL, "small.yaml")
    assert len(manifest.digest) == 64


def test_every_feed_is_listed_in_the_documentation(feeds: dict[str, Manifest]) -> None:
    lines = (
        (Path(__file__).parents[2] / "docs" / "FEEDS.md").read_text(encoding="utf-8").splitlines()
    )
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line]
    listed = {row[0]: (row[3], row[4]) for row in cells if len(row) == 7 and row[0] in feeds}
    assumed = {row[0] for row in cells if len(row) == 3}
    assert listed == {name: (feed.evidence, feed.delivery) for name, feed in feeds.items()}
    for feed in feeds.values():
        assert (feed.source in assumed) == (feed.evidence == "assumed")


def test_pripid_counts_only_inside_the_family_of_market_feeds(feeds: dict[str, Manifest]) -> None:
    for feed in feeds.values():
        has_pripid = any(
            cell.type is not None and cell.type.value == "pripid"
            for party in feed.parties
            for cell in party.identifiers
        )
        assert (feed.family == "market") == has_pripid


def test_full_feeds_say_how_new_a_row_is(feeds: dict[str, Manifest]) -> None:
    assert all(feed.version for feed in feeds.values() if feed.delivery == "full")


def _pick(choice: Choice, values: dict[str, str]) -> str:
    text = values.get(choice.column or "", "")
    codes = (code for pattern, code in choice.patterns if pattern.search(text))
    return next(codes, choice.default)


def _role(feed: Manifest, values: dict[str, str]) -> tuple[str, ...]:
    """Return the roles of the parties a row has beside its subject."""
    return tuple(
        _pick(party.role, values)
        for party in feed.parties
        if party.key != "subject" and party.name in values and holds(party.when, values)
    )


def _ties(feed: Manifest, values: dict[str, str]) -> set[str]:
    """Return the types of the relations a row states."""
    roles = {
        party.key: _pick(party.role, values) for party in feed.parties if holds(party.when, values)
    }
    return {
        roles[tie.source] if tie.type == "@role" else tie.type
        for tie in feed.relations
        if tie.source in roles and tie.target in roles and holds(tie.when, values)
    }


@pytest.mark.parametrize(
    ("title", "sign", "role", "ties"),
    [
        ("董事长", "1", "chair", {"chair", "legal_representative"}),
        ("董事长", "0", "chair", {"chair"}),
        ("副董事长", "", "director", {"director"}),
        ("执行董事兼总经理", "1", "director", {"director", "legal_representative"}),
        ("独立董事", "", "director", {"director"}),
        ("董事会秘书", "", "senior_manager", {"senior_manager"}),
        ("监事会主席", "", "supervisor", {"supervisor"}),
        ("总经理", "", "senior_manager", {"senior_manager"}),
        ("经理", "", "senior_manager", {"senior_manager"}),
        ("副总经理", "", "senior_manager", {"senior_manager"}),
        ("财务负责人", "", "finance_officer", {"finance_officer"}),
        ("负责人", "1", "person_in_charge", {"person_in_charge"}),
        ("经营者", "1", "operator", {"operator"}),
        ("执行事务合伙人", "", "executive_partner", {"executive_partner"}),
        ("委派代表", "", "staff", set()),
        ("理事长", "1", "chair", {"chair", "legal_representative"}),
        ("法定代表人", "", "legal_representative", {"legal_representative"}),
        ("董事长（法定代表人）", "", "chair", {"chair", "legal_representative"}),
        ("联络员", "", "contact", {"contact"}),
        ("项目经理", "", "staff", set()),
        ("总经理助理", "", "staff", set()),
        ("", "1", "staff", {"legal_representative"}),
        ("432K", "", "staff", set()),
    ],
)
def test_a_post_is_what_its_title_says_and_nothing_if_unknown(
    feeds: dict[str, Manifest], title: str, sign: str, role: str, ties: set[str]
) -> None:
    values = {"name": "申某", "position_cn": title, "lerepsign": sign}
    assert _role(feeds["market_personnel"], values) == (role,)
    assert _ties(feeds["market_personnel"], values) == ties


@pytest.mark.parametrize(
    ("enttype", "role"),
    [
        ("有限责任公司（自然人投资或控股）", "legal_representative"),
        ("有限责任公司分公司", "person_in_charge"),
        ("个体工商户", "operator"),
        ("9500", "operator"),
        ("普通合伙企业", "executive_partner"),
        ("合伙企业分支机构", "person_in_charge"),
        ("个人独资企业", "person_in_charge"),
        ("农民专业合作社", "legal_representative"),
        ("", "legal_representative"),
    ],
)
def test_the_head_of_a_registered_body_depends_on_its_type(
    feeds: dict[str, Manifest], enttype: str, role: str
) -> None:
    assert _role(feeds["market_main"], {"name": "申某", "enttype": enttype}) == (role,)


@pytest.mark.parametrize(
    ("item", "ties"),
    [
        ("法定代表人变更", {"legal_representative"}),
        ("负责人变更（法定代表人、负责人、首席代表等变更）", {"legal_representative"}),
        ("负责人变更", {"person_in_charge"}),
        ("经营者变更", {"operator"}),
        ("财务负责人变更", set()),
        ("名称变更", set()),
        ("住所变更", set()),
    ],
)
def test_only_changes_of_the_head_give_dated_ties(
    feeds: dict[str, Manifest], item: str, ties: set[str]
) -> None:
    assert _ties(feeds["market_changes"], {"altitem": item}) == ties
    before, after = feeds["market_changes"].relations
    assert before.until is not None
    assert before.since is None
    assert after.since is not None
    assert after.until is None


def test_a_share_of_nothing_is_no_share(feeds: dict[str, Manifest]) -> None:
    feed = feeds["market_equity_changes"]
    before, after = feed.relations
    sold = {"transamprbf": "30%", "transampraf": "0.00%", "altdate": "2021-01-01"}
    assert [holds(tie.when, sold) for tie in (before, after)] == [True, False]


@pytest.mark.parametrize("day", ["", "坏日期", "2021-13-40", "长期"])
def test_what_has_ended_on_no_readable_day_is_no_tie(feeds: dict[str, Manifest], day: str) -> None:
    """Without its last day it would look like a tie still held."""
    sold = {"transamprbf": "60", "transampraf": "20", "altdate": day}
    ties = feeds["market_equity_changes"].relations
    assert [holds(tie.when, sold) for tie in ties] == [False, True]
    ties = feeds["market_changes"].relations
    assert [holds(tie.when, {"altdate": day}) for tie in ties] == [False, True]
    assert holds(ties[0].when, {"altdate": "2021年1月1日"})


def test_an_individual_business_in_a_penalty_has_an_operator(feeds: dict[str, Manifest]) -> None:
    for source, column in (("penalty_v2", "CF_XDR_LB"), ("licence_v2", "XK_XDR_LB")):
        assert _ties(feeds[source], {column: "个体工商户"}) == {"operator"}
        assert _ties(feeds[source], {column: "法人及非法人组织"}) == {"legal_representative"}
        assert _ties(feeds[source], {column: "自然人"}) == set()


def test_a_persons_court_entry_has_no_representative(feeds: dict[str, Manifest]) -> None:
    feed = feeds["court_defaulter"]
    assert _ties(feed, {"partyTypeName": "1"}) == {"legal_representative"}
    assert _ties(feed, {"partyTypeName": "0"}) == set()
    assert feed.listing is not None
    assert feed.listing.named == ()


def test_the_representative_of_a_tax_offender_is_tied_to_the_day_of_the_violation(
    feeds: dict[str, Manifest],
) -> None:
    feed = feeds["tax_serious"]
    assert _ties(feed, {"违法行为发生日期": "2024-05-31"}) == {"legal_representative"}
    assert _ties(feed, {}) == set()


@pytest.mark.parametrize(
    ("source", "column", "text", "stated"),
    [
        ("wage_arrears", "列入事由", "拖欠农民工工资数额较大", True),
        ("wage_arrears", "列入事由", "", True),
        ("wage_arrears", "列入事由", "未经许可经营旅行社业务", False),
        ("tax_grade_a", "纳税信用级别", "A", True),
        ("tax_grade_a", "纳税信用级别", "", True),
        ("tax_grade_a", "纳税信用级别", "D级", False),
        ("tax_grade_d", "纳税信用级别", "D级", True),
        ("tax_grade_d", "纳税信用级别", "", True),
        ("tax_grade_d", "纳税信用级别", "A", False),
    ],
)
def test_a_row_of_another_list_states_no_listing(
    feeds: dict[str, Manifest], source: str, column: str, text: str, stated: bool
) -> None:
    listing = feeds[source].listing
    assert listing is not None
    assert holds(listing.when, {column: text}) is stated


def _events(feed: Manifest, values: dict[str, str]) -> list[str]:
    assert feed.case is not None
    return [event.status for event in feed.case.events if holds(event.when, values)]


@pytest.mark.parametrize(
    ("result", "events"),
    [
        ("", ["objected"]),
        ("受理中", ["objected"]),
        ("异议不成立", ["objected", "effective"]),
        ("维持原决定", ["objected", "effective"]),
        ("驳回", ["objected", "effective"]),
        ("不予更正", ["objected", "effective"]),
        ("异议成立", ["objected", "withdrawn"]),
        ("予以撤销", ["objected", "withdrawn"]),
        ("更正", ["objected", "withdrawn"]),
    ],
)
def test_an_objection_pauses_until_it_is_answered(
    feeds: dict[str, Manifest], result: str, events: list[str]
) -> None:
    assert _events(feeds["objection"], {"办理结果": result}) == events


@pytest.mark.parametrize(
    ("result", "events"),
    [
        ("准予修复", ["repaired"]),
        ("撤销公示", ["repaired"]),
        ("撤销修复", []),
        ("修复决定已撤销", []),
        ("恢复公示", []),
        ("同意", ["repaired"]),
        ("", ["repaired"]),
        ("不予修复", []),
        ("审核中", []),
        ("已受理", []),
    ],
)
def test_only_a_granted_repair_repairs(
    feeds: dict[str, Manifest], result: str, events: list[str]
) -> None:
    assert _events(feeds["credit_repair"], {"修复结果": result}) == events


def _kind(table: KindTable, texts: dict[str, str]) -> tuple[str, str | None]:
    for row in table.rows:
        if all(row.patterns[field].search(texts.get(field, "")) for field in row.patterns):
            return row.kind, row.scope
    return table.default, None


_FOOD, _PENALTY = ("food_permit_revoked", "food"), ("penalty", None)
_REVOKED = ("licence_revoked", None)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ({"content": "罚款并吊销食品经营许可证"}, _FOOD),
        ({"content": "吊销其《餐饮服务许可证》"}, _FOOD),
        ({"content": "罚款，吊销许可证", "licence": "食品经营许可证 JY1"}, _FOOD),
        ({"category": "罚款;吊销许可证件", "licence": "食品经营许可证"}, _FOOD),
        ({"content": "吊销食品经营许可证、营业执照"}, _FOOD),
        ({"category": "罚款", "content": "罚款五万元", "licence": "食品经营许可证"}, _PENALTY),
        ({"category": "吊销许可证件", "content": "吊销营业执照"}, _REVOKED),
        ({"category": "吊销许可证件", "licence": "营业执照"}, _REVOKED),
        ({"content": "给予吊销营业执照的行政处罚"}, _REVOKED),
        ({"category": "暂扣或者吊销许可证", "content": "吊销《企业法人营业执照》"}, _REVOKED),
        ({"category": "暂扣或者吊销许可证、暂扣或者吊销执照", "licence": "营业执照"}, _PENALTY),
        ({"content": "暂扣食品经营许可证六个月", "licence": "食品经营许可证"}, _PENALTY),
        ({"content": "暂扣或者吊销营业执照"}, _PENALTY),
        ({"content": "不予吊销营业执照，罚款一万元"}, _PENALTY),
        ({"content": "责令改正，逾期不改的将吊销营业执照"}, _PENALTY),
        ({"content": "撤销食品经营许可证"}, _PENALTY),
        ({"content": "吊销机动车驾驶证", "licence": "驾驶证"}, _PENALTY),
        ({"content": "吊销兽药经营许可证"}, _PENALTY),
        ({"content": "吊销种子生产经营许可证"}, ("seed_permit_revoked", "seed")),
        (
            {"content": "吊销许可证", "licence": "娱乐经营许可证"},
            ("entertainment_permit_revoked", "entertainment"),
        ),
        ({"content": "吊销旅行社业务经营许可证"}, ("travel_permit_revoked", "travel")),
        ({"content": "吊销药品经营许可证"}, ("drug_penalty", "drug")),
        ({"content": "吊销医疗器械经营许可证"}, ("cosmetics_device_penalty", "cosmetics_device")),
        ({"content": "吊销社会团体法人登记证书"}, ("social_org_revoked", None)),
        ({"content": "吊销登记证书", "authority": "钟山区民政局"}, ("social_org_revoked", None)),
        ({"content": "吊销登记证书", "authority": "某某局"}, _PENALTY),
        ({"category": "责令关闭"}, ("closure_ordered", None)),
        ({"content": "责令停产停业，责令关闭"}, ("closure_ordered", None)),
        ({"category": "罚款;责令关闭", "content": "责令关闭网站"}, _PENALTY),
        ({"content": "责令关闭排污口"}, _PENALTY),
        ({"category": "责令停产停业、责令关闭、限制从业"}, _PENALTY),
        (
            {"content": "撤销公司设立登记", "authority": "钟山区市场监督管理局"},
            ("registration_annulled", None),
        ),
        ({"content": "一年内禁止参加政府采购活动"}, ("procurement_ban", None)),
        (
            {"content": "取消其二年内参加依法必须进行招标的项目的投标资格"},
            ("bid_ban", None),
        ),
        ({"basis": "《中华人民共和国药品管理法》第一百一十八条"}, ("drug_penalty", "drug")),
        ({"basis": "《中华人民共和国药品管理法》第一百二十七条"}, _PENALTY),
        ({"act": "销售劣药"}, ("drug_penalty", "drug")),
        (
            {"act": "出具虚假的环境影响评价文件", "authority": "六盘水市生态环境局"},
            ("environment_fraud", None),
        ),
        ({"act": "出具失实的消防检测报告"}, ("fire_service_fraud", None)),
        ({"act": "骗取医疗保障基金"}, ("medical_insurance_fraud", None)),
        ({"act": "伪造会计凭证"}, ("accounting_fraud", None)),
        (
            {"act": "发生一般生产安全事故，负有责任", "authority": "钟山区应急管理局"},
            ("work_safety_accident", None),
        ),
        (
            {"list": "安全生产严重失信主体名单", "authority": "钟山区应急管理局"},
            ("work_safety_serious", None),
        ),
        ({}, _PENALTY),
    ],
)
def test_the_words_of_a_decision_tell_its_kind(
    feeds: dict[str, Manifest], texts: dict[str, str], kind: tuple[str, str | None]
) -> None:
    listing = feeds["penalty_v2"].listing
    assert listing is not None
    assert isinstance(listing.kind, KindTable)
    assert _kind(listing.kind, texts) == kind


def test_a_small_manifest_becomes_values() -> None:
    manifest = read_manifest(_SMALL, "small.yaml")
    assert [party.key for party in manifest.parties] == ["subject", "head"]
    assert manifest.parties[1].role == Choice("legal_representative")
    assert manifest.columns[6].hallmarks == ("文号",)
    assert manifest.listing is not None
    assert manifest.listing.until is not None
    assert manifest.listing.until.inclusive
    assert manifest.listing.events[0].on == "日期"


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        pytest.param("source: small", "source: other", "E408", "source", id="not-its-file-name"),
        pytest.param("source: small", "source: [", "E401", "", id="no-yaml"),
        pytest.param("evidence:", "evidence: x\nevidence:", "E401", "", id="key-twice"),
        pytest.param("evidence: assumed", "evidence: !!int 1", "E404", "evidence", id="a-number"),
        pytest.param("files: [", "files: !!set {a}\nx: [", "E401", "", id="a-tag"),
        pytest.param("zh: 示例", "zh: &a 示例", None, "", id="an-unused-anchor"),
        pytest.param("en: Example}", "en: *a}", "E401", "", id="an-alias"),
        pytest.param("evidence: assumed", "evidence: sure", "E404", "evidence", id="evidence"),
        pytest.param("evidence: assumed\n", "", "E403", "evidence", id="key-missing"),
        pytest.param("en: Example", "en: ''", "E404", "title.en", id="empty-text"),
        pytest.param("files:", "filles: x\nfiles:", "E402", "filles", id="unknown-key"),
        pytest.param("when: {", "wenn: {", "E402", "listing.events[0].wenn", id="unknown-inner"),
        pytest.param("on: 日期", "on: 时间", "E405", "listing.events[0].on", id="column"),
        pytest.param("{代码: uscc", "{号码: uscc", "E405", None, id="identifier-column"),
        pytest.param("代码: uscc", "代码: ucc", "E404", None, id="identifier-type"),
        pytest.param("by: 证件类型", "by: 类型", "E405", None, id="type-column"),
        pytest.param("party: subject", "party: firm", "E406", "listing.party", id="party"),
        pytest.param("named: [head]", "named: [body]", "E406", "listing.named", id="named"),
        pytest.param("from: head", "from: nobody", "E406", "relations[0].from", id="from"),
        pytest.param("from: head, to: subject", "from: head, to: head", "E404", None, id="itself"),
        pytest.param("matches: 撤", "matches: '('", "E407", None, id="bad-pattern"),
        pytest.param("matches: 撤", "matches: '[[a]'", "E407", None, id="ambiguous-pattern"),
        pytest.param("{自然人: person}", "{'*': person}", "E407", None, id="bad-choice"),
        pytest.param("{自然人: person}", "{自然人: human}", "E404", None, id="subject-kind"),
        pytest.param("default: party", "default: firm", "E404", None, id="default-kind"),
        pytest.param("kind: penalty", "kind: fine", "E404", "listing.kind", id="listing-kind"),
        pytest.param("status: withdrawn", "status: gone", "E404", None, id="status"),
        pytest.param("severity: general", "severity: bad", "E404", None, id="severity"),
        pytest.param("large_debt: {", "big_debt: {", "E404", None, id="fact"),
        pytest.param("form: bool", "form: text", "E404", None, id="form-of-a-fact"),
        pytest.param("form: bool", "value: true", "E404", None, id="column-and-value"),
        pytest.param("column: 类别, form: bool", "value: true", None, None, id="a-constant"),
        pytest.param("column: 类别, form: bool", "party: head", "E404", None, id="debt-of-a-party"),
        pytest.param(
            "large_debt: {column: 类别, form: bool}",
            "responsible_persons: {party: head}, industry: {value: 食品}",
            None,
            None,
            id="persons-and-a-text",
        ),
        pytest.param(
            "version:",
            "case: {party: subject, authority: 机关, decision_number: 文号, events: []}\nversion:",
            "E404",
            "case.events",
            id="a-case-without-events",
        ),
        pytest.param("[对象类别]", "['*']", "E404", "columns.类别", id="blank-heading"),
        pytest.param("relations:\n  - {", "relations: {a: {", "E401", None, id="brackets"),
        pytest.param("代码: 0.5", "代码: half", "E404", None, id="fill-in-words"),
        pytest.param('type: "@role"', "type: boss", "E404", None, id="relation"),
        pytest.param('type: "@role"', "type: relative", "E411", None, id="relative"),
        pytest.param('type: "@role"', "type: shares_phone", "E411", None, id="shared-phone"),
        pytest.param("role: legal_representative", "role: boss", "E411", None, id="role-no-tie"),
        pytest.param("role: legal_representative", "role: Boss", "E404", None, id="role-no-word"),
        pytest.param('type: "@role"', "type: branch_of", "E412", None, id="person-as-branch"),
        pytest.param("法人, kind: person", "法人, kind: branch", "E412", None, id="from-a-branch"),
        pytest.param("default: party", "default: person", "E412", None, id="to-a-person"),
        pytest.param("[对象类别]", "[ 机 关 ]", "E409", "columns.机关", id="heading-twice"),
        pytest.param("required: true", "required: false", "E410", "columns", id="nothing-required"),
        pytest.param("required: true", "required: 是", "E404", None, id="no-truth"),
        pytest.param("hallmark: true", "hallmark: [号]", "E404", None, id="unknown-hallmark"),
        pytest.param("hallmark: true", "entry: [号]", "E404", None, id="unknown-entry"),
        pytest.param("hallmark: true", "entry: [文号]", None, None, id="an-entry"),
        pytest.param("apart_by: [类别]", "apart_by: [a]", "E405", "apart_by", id="apart-column"),
        pytest.param("matches: 撤", "form: date", None, None, id="a-date"),
        pytest.param("matches: 撤", "form: text", "E404", None, id="no-such-form"),
        pytest.param("matches: 撤", "matches: 撤, form: date", "E404", None, id="text-and-date"),
        pytest.param(
            "when: {column: 类别, matches: 撤}",
            "when: [{column: 类别}, {column: 日期, form: date}]",
            None,
            None,
            id="two-conditions",
        ),
        pytest.param(
            "when: {column: 类别, matches: 撤}",
            "when: []",
            "E404",
            "listing.events[0].when",
            id="no-condition",
        ),
        pytest.param("max_age_days: 30", "max_age_days: 0", "E404", None, id="age"),
        pytest.param("代码: 0.5", "代码: 1.5", "E404", "expectations.fill.代码", id="fill"),
        pytest.param("{代码: 0.5}", "{号: 0.5}", "E405", None, id="fill-column"),
        pytest.param("natural_key: [文号, 机关]", "natural_key: []", "E403", None, id="no-key"),
        pytest.param("natural_key: [文号,", "natural_key: [a,", "E405", None, id="key-column"),
        pytest.param("delivery: incremental", "delivery: full", None, "", id="full-with-dates"),
        pytest.param("version: [日期]", "version: 日期", "E404", "version", id="no-list"),
        pytest.param(
            "version: [", "whole_of: [名称]\nversion: [", "E404", "delivery", id="no-whole"
        ),
        pytest.param(
            "version: [日期]", "series: [名称]\nversion: []", "E403", "version", id="no-day"
        ),
        pytest.param(
            "version: [", "series: [号]\nversion: [", "E405", "series", id="series-column"
        ),
        pytest.param("head: {role", "Head: {role", "E404", "parties.Head", id="party-name"),
        pytest.param("name: 法人, ", "", "E403", "parties.head.name", id="party-of-nothing"),
        pytest.param(
            "kind: penalty",
            "kind: {table: none, fields: {act: 类别}}",
            "E413",
            None,
            id="no-such-table",
        ),
        pytest.param(
            "kind: penalty",
            "kind: {table: ../small, fields: {act: 类别}}",
            "E413",
            None,
            id="table-elsewhere",
        ),
        pytest.param(
            "kind: penalty",
            "kind: {table: penalty_kinds, fields: {x: 类别}}",
            "E402",
            "listing.kind.fields.x",
            id="unknown-field",
        ),
        pytest.param(
            "kind: penalty",
            "kind: {table: penalty_kinds, fields: {}}",
            "E404",
            None,
            id="no-fields",
        ),
    ],
)
def test_a_mistake_is_refused_by_file_and_key(
    old: str, new: str, code: str | None, key: str | None
) -> None:
    assert old in _SMALL
    text = _SMALL.replace(old, new, 1)
    if code is None:
        read_manifest(text, "small.yaml")
        return
    with pytest.raises(DataError) as caught:
        read_manifest(text, "small.yaml")
    error = caught.value
    assert error.code == code
    assert error.where == "small.yaml"
    assert "key" in error.facts
    if key is not None:
        assert error.facts["key"] == key
    for lang in ("zh", "en"):
        assert explain(error, lang).fix


def test_a_full_feed_without_row_dates_is_refused() -> None:
    text = _SMALL.replace("delivery: incremental", "delivery: full").replace("[日期]\n", "[]\n")
    with pytest.raises(DataError, match="E414"):
        read_manifest(text, "small.yaml")


@pytest.mark.parametrize("depth", [20_000])
def test_bottomless_nesting_is_a_defect_of_the_file(depth: int) -> None:
    with pytest.raises(DataError, match="E401"):
        read_manifest("a: " + "[" * depth, "small.yaml")


def test_an_empty_or_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="E415"):
        read_manifests(tmp_path)
    with pytest.raises(DataError, match="E401"):
        read_manifests(tmp_path / "nowhere")


_TABLE = """
fields: [act, basis]
default: penalty
words: {bad: 假|劣}
rows:
  - {kind: drug_penalty, scope: drug, when: {act: '(?:<bad>)药'}}
"""


def _with_table(folder: Path, table: str) -> Manifest:
    text = _SMALL.replace("kind: penalty", "kind: {table: own, fields: {act: [类别, 文号]}}")
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "tables" / "own.yaml").write_text(table, encoding="utf-8")
    return read_manifest(text, "small.yaml", folder)


def test_a_kind_table_of_ones_own_is_bound_to_columns(tmp_path: Path) -> None:
    listing = _with_table(tmp_path, _TABLE).listing
    assert listing is not None
    assert isinstance(listing.kind, KindTable)
    assert listing.kind.fields == {"act": ("类别", "文号")}
    assert _kind(listing.kind, {"act": "销售劣药"}) == ("drug_penalty", "drug")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("kind: drug_penalty", "kind: drugs", "E404", id="kind"),
        pytest.param("default: penalty", "default: fine", "E404", id="default"),
        pytest.param("act: '(?:<bad>)药'", "licence: 药", "E402", id="field"),
        pytest.param("<bad>", "<good>", "E403", id="word"),
        pytest.param("<bad>", "<bad>(", "E407", id="pattern"),
        pytest.param("when: {act: '(?:<bad>)药'}", "when: {}", "E404", id="no-pattern"),
        pytest.param("rows:", "row:", "E402", id="key"),
    ],
)
def test_a_mistake_in_a_kind_table_names_the_table(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    with pytest.raises(DataError) as caught:
        _with_table(tmp_path, _TABLE.replace(old, new, 1))
    assert caught.value.code == code
    assert caught.value.where == "tables/own.yaml"


def test_no_pattern_of_the_packaged_feeds_ignores_what_it_searches(
    feeds: dict[str, Manifest],
) -> None:
    """A pattern that finds itself in the empty text would hold for rows without the column."""
    for feed in feeds.values():
        for party in feed.parties:
            for each in (party.role, party.kind):
                assert not any(pattern.search("") for pattern, _ in each.patterns), feed.source


def test_headings_are_written_without_stray_spaces(feeds: dict[str, Manifest]) -> None:
    for feed in feeds.values():
        for column in feed.columns:
            for heading in (column.name, *column.aliases):
                assert not re.search(r"\s", heading), heading
