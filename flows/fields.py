"""The fields of a profile: name, kind, Chinese title, unit and choices, and the clauses' two tracks they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal
from unicodedata import normalize

from knowledge.entries import TRACKS

Kind = Literal["text", "yes_no", "choice", "number", "count", "date"]
Track = Literal["proof_of_concept", "pilot_base"]

APPLICANT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "university": "高等院校",
        "research_institute": "科研院所",
        "medical_institution": "医疗卫生机构",
        "enterprise": "企业",
        "development_zone_operator": "开发区管理运营机构",
        "other": "其他",
    }
)
PREFECTURES = (
    "昆明市", "曲靖市", "玉溪市", "保山市", "昭通市", "丽江市", "普洱市", "临沧市",
    "楚雄彝族自治州", "红河哈尼族彝族自治州", "文山壮族苗族自治州", "西双版纳傣族自治州",
    "大理白族自治州", "德宏傣族景颇族自治州", "怒江傈僳族自治州", "迪庆藏族自治州",
)  # fmt: skip
"""Yunnan's sixteen prefectures by their full official names."""

_KIND_WORDS = {
    "university": ("大学", "高校", "学院", "高等学校", "高职", "学校"),
    "research_institute": ("研究所", "研究院", "科研", "研究中心", "科学院"),
    "medical_institution": ("医院", "医疗", "卫生", "疾控", "卫健"),
    "enterprise": ("公司", "国企", "民企", "央企", "私企", "厂", "集团"),
    "development_zone_operator": ("开发区", "园区", "高新区", "管委会", "经开区"),
    "other": ("其它", "都不是", "都不属于", "以上都不", "别的"),
}
_PREFECTURE_WORDS = {
    name: tuple({name[:2], f"{name[:2]}州"} | ({"版纳"} if name.startswith("西双版纳") else set()))
    for name in PREFECTURES
}


@dataclass(frozen=True)
class Field:
    """One field of a profile. `aliases` are other Chinese titles that a sheet's header may use, `near` other words that
    people say for a choice in a conversation."""

    name: str
    kind: Kind
    title: str
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The title as a sheet's header shows it: with the unit in brackets."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


_WAN, _M2 = "万元", "平方米"


def _yes(name: str, title: str, *aliases: str) -> Field:
    return Field(name, "yes_no", title, aliases=aliases)


def _number(name: str, title: str, unit: str = _WAN, *aliases: str) -> Field:
    return Field(name, "number", title, unit, aliases=aliases)


def _count(name: str, title: str, unit: str, *aliases: str) -> Field:
    return Field(name, "count", title, unit, aliases=aliases)


_ALL = (
    Field("id", "text", "编号", aliases=("序号",)),
    Field("track", "choice", "申报类别", choices=TRACKS, aliases=("类别",)),
    Field("as_of", "date", "申报日期"),
    Field(
        "applicant_kind", "choice", "单位类型", choices=APPLICANT_KINDS, aliases=("依托单位类型",),
        near=_KIND_WORDS,
    ),
    _yes("independent_legal_person", "独立法人资格"),
    _yes("direct_to_province", "直接向省科技厅申报", "省属或中央驻滇单位"),
    Field(
        "prefecture", "choice", "所在州（市）", choices={name: name for name in PREFECTURES},
        near=_PREFECTURE_WORDS,
    ),
    _yes("construction_plan", "建设方案"),
    _yes("service_capacity", "服务能力"),
    _yes("service_terms", "对外服务承接程序、服务流程及收费事项"),
    _number("site_area_m2", "场地面积", _M2),
    _yes("site_photos", "场地实景图片"),
    _yes("facilities_complete", "配套设施完善"),
    _number("equipment_value_wan", "设备及软硬件设施原价值", _WAN, "设备原值"),
    _count("team_size", "专业化运营管理团队人数", "人", "团队人数"),
    _yes("director_appointed", "已聘任主任"),
    _count(
        "specialists", "专职技术经纪（经理）人或中试专业工程师人数", "人",
        "专职技术经纪（经理）人人数", "中试专业工程师人数",
    ),
    _count("advisors", "顾问团队人数", "人"),
    _yes("sustained_projects", "持续稳定的项目源"),
    _yes("project_library_account", "项目库并设立专账"),
    _yes("management_system", "内部管理和运营制度"),
    _yes("full_process", "全流程服务体系"),
    _count("reserve_projects", "已储备项目数量", "个"),
    _number("poc_service_income_wan", "概念验证等相关服务年收入"),
    _number("poc_financing_wan", "通过验证的项目累计获得投融资额"),
    _number("poc_transactions_wan", "技术开发、转让、许可、服务累计交易额"),
    _count("poc_incubated", "创办（孵化）科技型企业数", "家"),
    _number("poc_fund_wan", "概念验证（科技成果转化）基金或专项资金规模"),
    _count("pilot_projects_done", "已开展中试项目数", "项"),
    _count("pilot_productised", "实现成果产品化数", "项"),
    _count("pilot_incubated", "已创办或孵化企业数", "家"),
    _number("pilot_incubated_valuation_wan", "孵化企业累计估值"),
    _number("pilot_incubated_revenue_wan", "孵化企业累计营业收入"),
    _number("pilot_contracts_wan", "技术合同成交额"),
    _yes("integrity_commitment", "提交诚信承诺书"),
    _yes("plaque_route", "加挂牌子"),
    _yes("previously_revoked", "曾依第十八条被取消备案资格"),
    Field("revoked_on", "date", "取消备案资格日期"),
    _yes("also_applying_other_track", "同时申报另一类资助"),
    _number("other_platform_support_wan", "同一年度其他科技创新平台支持资金"),
    _number("investment_3y_wan", "近三年科研软硬件投入"),
    _number("excluded_funds_3y_wan", "其中省级财政和中央引导资金"),
    _number("annual_service_income_wan", "年度服务性收入"),
)  # fmt: skip

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _ALL})
"""Every field of the profile, in the order of a sheet's columns."""


def fold(text: str) -> str:
    """A title or a cell's words for comparison: full-width forms and white space evened out, lower case."""
    return "".join(normalize("NFKC", text).split()).lower()


def _titles() -> dict[str, str]:
    titles: dict[str, str] = {}
    for each in _ALL:
        for title in (each.name, each.title, each.heading, *each.aliases):
            titles[fold(title)] = each.name
            if each.unit:
                titles[fold(f"{title}（{each.unit}）")] = each.name
    return titles


_BY_TITLE = _titles()


def field_of_title(title: str) -> str | None:
    """The field whose name or Chinese title a column's header is, or None."""
    return _BY_TITLE.get(fold(title).removeprefix("*"))
