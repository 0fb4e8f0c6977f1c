"""A figure goes to the thing it is said of; a figure of the rule, of the past or of a claim is no fact."""

from decimal import Decimal

import pytest

from flows.facts import merge, read_facts


def stated(text, **how):
    """The figures read, by kind of fact."""
    return {name: round(figure.value, 6) for name, figure in read_facts(text, **how).figures.items()}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("我们场地850平,团队11个人,顾问6个", {"site_area": 850, "team": 11, "advisors": 6}),
        ("有12名顾问和3个中试工程师", {"advisors": 12, "engineer": 3}),
        ("设备原值530万,账面净值280万", {"equipment_value": 530}),
        ("技术经纪人就1个", {"broker": 1}),
        ("项目储备了15个", {"reserve": 15}),
        ("顾问里头有两个是退休的", {}),  # how many there are is not told
        ("评估公司给设备估了600万,当初买来原价只有470万", {"equipment_value": 470}),
        ("孵化企业一家没有,营收估值都谈不上", {"incubated": 0}),
        ("团队10人、顾问6名、项目25个", {"team": 10, "advisors": 6, "reserve": 25}),
        ("技术转让卖了60万,许可费收了45万", {"transactions": 105}),  # sold, but taken from nothing
        ("固定场地就188平,能拿出来做概念验证", {"site_area": 188}),
        ("概念验证项目备了十二个,还孵出1家科技型企业", {"reserve": 12, "incubated": 1}),
        ("做了6个项目,产品化2个", {"projects_done": 6, "productised": 2}),
        ("孵化了2家企业,估值380万,营收130万", {"incubated": 2, "valuation": 380, "revenue": 130}),
        ("验证的项目融到230万", {"financing": 230}),
        ("基金180万,技术交易额80万", {"fund": 180, "transactions": 80}),
        ("没孵过企业", {"incubated": 0}),
        ("场地有两亩", {"site_area": Decimal(4000) / 3}),
    ],
)
def test_each_figure_goes_to_its_nearest_fitting_noun(text, figures):
    assert stated(text) == {n: round(Decimal(v), 6) for n, v in figures.items()}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("设备420万,软件35万,人才45万,建设补助多少", {"investment": 500}),
        ("投1500万,扣掉省里给的500万,还拿得满200万吗", {"investment": 1500, "excluded_funds": 500}),
        ("连着三年服务性收入分别是300万、400万、600万,运营补助多少", {}),  # no year is asked about
        (
            "近三年投了860万,其中110万是中央引导资金,建设补助怎么算",
            {"investment": 860, "excluded_funds": 110},
        ),
        ("近三年投了300万,再往前还投了500万,补助多少", {"investment": 300}),
        ("服务收入做到700万了,运营补助就是140万对吗", {"annual_income": 700}),
        ("老板投了半个亿,是不是能拿一千万补助", {"investment": 5000}),
    ],
)
def test_in_a_question_about_an_amount_spending_and_income_are_read(text, figures):
    assert stated(text) == {n: Decimal(v) for n, v in figures.items()}


@pytest.mark.parametrize(
    "text",
    [
        "是不是要500万的设备",
        "规定场地要1000平吗",
        "不是每年都能拿200万建设补助吗",
        "公示5个工作日吗",
        "第九条要求10个人",
    ],
)
def test_a_figure_of_the_rule_is_no_fact(text):
    assert not read_facts(text).figures


@pytest.mark.parametrize(
    "text",
    ["主任算在那六个人里吗", "场地租金一平多少钱", "买地多少钱一亩", "伤了三个工人", "两个自然人名义能报吗"],
)
def test_a_figure_of_nothing_here_is_no_fact(text):
    assert not read_facts(text)


def test_what_is_said_later_goes_before_what_was_said_earlier():
    both = merge(read_facts("场地850平,顾问6个"), read_facts("场地改成1200平"))
    assert {n: f.value for n, f in both.figures.items()} == {"site_area": 1200, "advisors": 6}


def test_states_without_a_figure_are_read():
    assert read_facts("我们没得独立法人").flags == {"independent_legal_person": False}
    assert read_facts("我们是加挂的牌子").flags == {"plaque_route": True}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("团队8人,主任1名,技术经理人2名", {"team": 8, "broker": 2}),
        ("设备采购合同合计485万", {"equipment_value": 485}),
        ("和投资公司设了个260万的基金", {"fund": 260}),
        ("技术服务卖了99万,就差1万块", {"transactions": 99}),
        ("买来的时候设备480万,评估公司说现在能值600万", {"equipment_value": 480}),
    ],
)
def test_a_neighbours_noun_keeps_its_own_figure(text, figures):
    assert stated(text) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("一个拿到风投130万,另一个85万", {"financing": 215}),
        ("技术许可70万、技术转让45万", {"transactions": 115}),
        ("技术许可70万、技术转让45万,合计115万", {"transactions": 115}),
        ("场地一层520平,另一层500平", {"site_area": 1020}),
        ("两层楼,每层480平", {"site_area": 960}),
        ("上下两层各110平,合起来够不够", {"site_area": 220}),
        ("场地原来240平,划了60平给别的部门", {"site_area": 180}),
        ("团队原来12个人,今年走了3个", {"team": 9}),
        ("顾问5位里头4位是兼职的", {"advisors": 5}),
        ("专职的2个、兼职的3个,顾问够不够", {"advisors": 5}),
        ("医药4个、材料5个、农业3个,储备项目够了吧", {"reserve": 12}),
        ("概念验证服务上半年收22万,下半年收31万", {"service_income": 53}),
        ("团队原来12个人,走了4个,现在8个", {"team": 8}),
        ("顾问俩", {"advisors": 2}),
        ("我们800平,12个人", {"site_area": 800, "team": 12}),
        ("估值不是500万,是450万", {"valuation": 450}),
        ("公司总共六百多号人,中试运营团队才7个", {"team": 7}),
        ("服务年收入没到50万,只有48万", {"service_income": 48}),
    ],
)
def test_several_figures_of_one_thing_are_added_taken_off_or_replaced(text, figures):
    assert stated(text) == figures


def test_where_each_facility_has_a_part_of_the_sentence_each_has_its_own_figure():
    text = "一共储备25个项目,其中11个是概念验证的,另外14个是中试的"
    assert stated(text) == {"reserve": 25}
    assert stated(text, track="proof_of_concept") == {"reserve": 11}
    assert stated(text, track="pilot_base") == {"reserve": 14}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (
            "总投入920万,里面省级财政120万、中央引导资金200万,补助多少",
            {"investment": 920, "excluded_funds": 320},
        ),
        ("投了700万,500万自有、200万是州财政给的,建设补助多少", {"investment": 700}),
        ("自有500万,州财政200万,建设补助多少", {"investment": 700}),
        ("卖产品收入800万,服务性收入只有150万,运营补助多少", {"annual_income": 150}),
    ],
)
def test_where_the_money_came_from_is_no_further_spending(text, figures):
    assert stated(text) == figures


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("设备不到500万", ("450", "499.99")),
        ("设备约500万", ("450", "550")),
        ("设备500多万", ("500", "550")),
        ("设备500万", ("500", "500")),
        ("设备400到500万", ("400", "500")),
    ],
)
def test_a_rough_figure_has_bounds(text, bounds):
    assert read_facts(text).figures["equipment_value"].bounds == tuple(map(Decimal, bounds))


def test_as_many_as_another_thing_and_none_at_all():
    assert stated("做了4个项目,都出了产品") == {"projects_done": 4, "productised": 4}
    assert stated("做了5个项目,没一个变成产品") == {"projects_done": 5, "productised": 0}
    assert read_facts("主任1名").flags == {"director_appointed": True}


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("项目库没设专账", {"project_library_account": False}), ("项目库有没有优先权", {}), ("建设方案还没写", {"construction_plan": False}),
        ("我们是独立法人企业", {"independent_legal_person": True}), ("主任还在公示没聘下来", {"director_appointed": False}),
        ("收费事项一直没定出来", {"service_terms": False}), ("管理制度有没有要求", {}), ("照片一张都没拍", {"site_photos": False}),
    ],
)  # fmt: skip
def test_what_is_lacking_is_read_and_what_is_asked_is_not(text, flags):
    assert read_facts(text).flags == flags


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("场地从1200平缩到了700平", {"site_area": 700}),
        ("整层210平,真正固定拿来做验证的就160平", {"site_area": 160}),
        ("技术合同198万,四舍五入200万", {"transactions": 198}),
        ("技术经纪人一个专职的都没有,有3个人有技术经理人职称", {"broker": 3}),
        ("顾问一个都没有", {"advisors": 0}),
        ("每个季度服务收入12万,学校每年拨款200万另算", {"service_income": 48}),
        ("每个月服务收入4万", {"service_income": 48}),
        ("概念验证和中试,场地一个190平一个1300平,分别达标不", {}),
        ("团队原来5个,现在又招了2个,一共7个", {"team": 7}),
        ("团队眼下9个,年前再进2个", {"team": 11}),
        ("库里现有8个,月底评审会再进3个", {"reserve": 11}),
        ("厂房1050平,里头有120平租给奶茶店了不能算", {"site_area": 930}),
        ("储备25个,把没得经费的6个清掉", {"reserve": 19}),
        ("场地写错了1150平,实测是950平", {"site_area": 950}),
        ("专项资金199.9万,能按200万算过吗", {"fund": Decimal("199.9")}),
        ("运营管理团队是运营岗4个、市场岗2个、财务岗1个", {"team": 7}),
        ("东院640平,西院还有390平,全给中试用", {"site_area": 1030}),
    ],
)
def test_of_several_figures_the_one_that_holds_is_taken_and_none_where_that_is_not_clear(text, figures):
    assert stated(text) == figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("前年投180万,去年220万,今年到现在150万,全是自有资金,补助多少", {"investment": 550}),
        ("全年进账380万,其中230万是卖产品的货款,剩下才是服务性收入,运营补助多少", {"annual_income": 150}),
        ("1400万里面500万是省级财政给的,补助多少", {"investment": 1400, "excluded_funds": 500}),
        ("近三年全靠省财政的400万建起来,补助多少", {"investment": 400, "excluded_funds": 400}),
        ("除开省级专项的90万之外,近三年我们另外投了410万,补助多少", {"investment": 410}),
    ],
)
def test_what_is_taken_off_is_taken_off_once(text, figures):
    assert stated(text) == figures


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("我们是独立法人", True),
        ("有法人资格", True),
        ("没有法人资格", False),
        ("必须是独立法人吗", None),
        ("要有法人资格吗", None),
    ],
)
def test_a_state_is_told_and_not_asked_about(text, value):
    assert read_facts(text).flags.get("independent_legal_person") is value


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("场地300平，那300平够不够", {"site_area": 300}), ("设备原值800万，能按500万算吗", {"equipment_value": 800}),
        ("设备原值按500万", {"equipment_value": 500}), ("1平方米场地一个都没有", {"site_area": 1}),
    ],
)  # fmt: skip
def test_a_figure_said_again_or_supposed_is_not_told_twice(text, figures):
    assert {name: figure.value for name, figure in read_facts(text).figures.items()} == figures


@pytest.mark.parametrize(("text", "appointed"), [("主任0个", False), ("主任1个", True)])
def test_a_count_tells_whether_there_is_one(text, appointed):
    facts = read_facts(text)
    assert (facts.flags, facts.figures) == ({"director_appointed": appointed}, {})


@pytest.mark.parametrize(("text", "stated"), [("场地800平", True), ("我们是独立法人", True), ("你好", False)])
def test_figures_and_states_alike_are_facts(text, stated):
    assert bool(read_facts(text)) is stated


def test_dates_and_durations_are_kept_even_beside_the_rules_words():
    facts = read_facts("要求2026年3月1日起存满2年")
    assert ([q.text for q in facts.dates], [q.text for q in facts.durations]) == (["2026年3月1日"], ["2年"])


def test_a_state_told_earlier_still_holds():
    both = merge(read_facts("我们是独立法人"), read_facts("主任0个"))
    assert both.flags == {"independent_legal_person": True, "director_appointed": False}


BOTH_TOLD = "概念验证中心没有主任，中试基地有主任1个，顾问6个，两类都是独立法人"


@pytest.mark.parametrize(
    ("text", "track", "appointed"),
    [
        (BOTH_TOLD, "proof_of_concept", False), (BOTH_TOLD, "pilot_base", True),
        ("概念验证中心没有主任，顾问6个，两类都是独立法人", "pilot_base", False),
        ("中试基地没有主任，顾问6个，两类都是独立法人", "proof_of_concept", False),
    ],
)  # fmt: skip
def test_what_is_said_of_the_other_facility_counts_only_where_this_one_has_a_part_of_its_own(
    text, track, appointed
):
    facts = read_facts(text, track=track)
    assert facts.flags == {"director_appointed": appointed, "independent_legal_person": True}
    assert {name: figure.value for name, figure in facts.figures.items()} == {"advisors": 6}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("原来团队12个人，后来因为项目调整走了3个", {"team": 9}), ("原来团队12个人，后来因为项目调整又招了3个", {"team": 15}),
        ("原来团队12个人，后来因为项目调整3个", {"team": 12}),
        ("顾问6，场地300", {"advisors": 6, "site_area": 300}), ("设备300", {}), ("顾问有6", {}),
        ("医药4个、材料5个、农业3个，储备项目", {"reserve": 12}), ("医药4个、材料5个，农业3个，储备项目", {"reserve": 3}),
        ("场地300平、农业3个，储备项目", {"site_area": 300, "reserve": 3}),
    ],
)  # fmt: skip
def test_a_figure_without_a_noun_of_its_own_goes_on_with_what_stands_before_or_in_its_list(text, figures):
    assert {name: figure.value for name, figure in read_facts(text).figures.items()} == figures
