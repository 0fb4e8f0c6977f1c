"""A pre-screen result and the responses so far in words: verdict, each requirement, amounts with their working."""

from collections.abc import Iterator

from bot.conversation import Block, Button, Reply
from bot.helpdesk import application_lines
from bot.wording import say
from bot.wording_amounts import amount_lines
from bot.world import World
from flows import questionnaire
from flows.fields import FIELDS
from flows.questionnaire import Interview
from flows.screening import Criterion, Screening, plain, screen, show
from knowledge.entries import TRACKS
from knowledge.regulation import Regulation

VERDICTS = {"eligible": "符合", "ineligible": "不符合", "undetermined": "待定"}
MARKS = {"met": "满足", "unmet": "不满足", "unknown": "待定"}
CHANGES_SHOWN = 12
"""How many change buttons stand under a result; every response is in the summary."""


def word_result(world: World, interview: Interview, screening: Screening, lead: str = "") -> Reply:
    """The result as one reply: its text begins with the verdict, `result` has the public interface's shape."""
    profile = questionnaire.to_profile(world.rules, interview)
    law = world.rules.on(profile.as_of).law
    texts = [
        say("result.heading", verdict=VERDICTS[screening.verdict]) + (f"\n{lead}" if lead else ""),
        _about(law, interview, screening),
        verdict_line(law, screening),
    ]
    items = [Block("text", text, label) for label, text in _items(law, interview, screening)]
    after = [
        "\n".join(
            [route_line(screening, profile.prefecture), *application_lines(world.offices, interview.day)]
        ),
        "\n".join(amount_lines(world.rules, profile, screening.amounts)),
        say(f"result.next_{screening.verdict}"),
    ]
    notes = "\n".join(f"· {n.text}（{_name(law, n.label)}）" for n in screening.notices)
    blocks = [Block("text", text) for text in texts if text] + items
    blocks += [Block("text", text) for text in after if text]
    blocks += [Block("note", text) for text in (notes, say("questionnaire.estimate")) if text]
    return Reply("result", tuple(blocks), buttons=tuple(_buttons(screening)), result=screening.as_json())


def _name(law: Regulation, label: str) -> str:
    return law.clauses[label].name


def _about(law: Regulation, interview: Interview, screening: Screening) -> str:
    as_of = interview.values.get("as_of")
    when = say("result.as_of", day=as_of) if as_of else say("result.no_day")
    return say(
        "result.about",
        track=TRACKS[screening.track],
        as_of=when,
        title=law.about.number if law.about else law.id,
        version=screening.version,
    )


def verdict_line(law: Regulation, screening: Screening) -> str:
    """The verdict in one sentence, with the items that decide it."""
    if screening.verdict == "eligible":
        return say("result.eligible", article="八" if screening.track == "proof_of_concept" else "九")
    labels = screening.unmet if screening.verdict == "ineligible" else screening.unknown
    names = "、".join(_name(law, label) for label in labels)
    return say(f"result.{screening.verdict}", count=len(labels), names=names)


def _items(law: Regulation, interview: Interview, screening: Screening) -> Iterator[tuple[str, str]]:
    """One paragraph an item, with its label: its status, then each requirement with what was said and how far it falls short."""
    for label, status in screening.items:
        lines = [f"{_name(law, label)}：{MARKS[status]}"]
        own = [c for c in screening.criteria if c.label == label or c.label.startswith(label + ".")]
        for criterion in own:
            if status == "met" and criterion.status == "unknown" and criterion.label != label:
                continue  # another alternative holds: this one need not be known
            lines.append(_criterion(interview, criterion, label))
        yield label, "\n".join(lines)


def _criterion(interview: Interview, criterion: Criterion, item: str) -> str:
    """One requirement: its status, what was said (不清楚 where the user said so, 未核 where nobody asked), what is due."""
    field = FIELDS[criterion.field]
    missing = "result.unknown" if criterion.field in interview.values else "result.unasked"
    actual = say(missing) if criterion.actual is None else f"{criterion.actual}{field.unit}"
    title = criterion_title(criterion)
    name = title if criterion.label == item else f"{title}（第{criterion.label.rsplit('.', 1)[1]}目）"
    line = "· " + say("result.requirement", mark=MARKS[criterion.status], title=name, actual=actual)
    if field.kind != "yes_no":
        line += say("result.required", required=required_words(criterion.required, field.unit))
    if criterion.missing is not None:
        line += say("result.gap", missing=plain(criterion.missing), unit=field.unit)
    return line


def criterion_title(criterion: Criterion) -> str:
    """What a requirement is about: after a revocation it is the day of application that is judged (第十八条)."""
    judged = "as_of" if criterion.required.startswith(FIELDS["as_of"].title) else criterion.field
    return FIELDS[judged].title


def required_words(required: str, unit: str) -> str:
    """A requirement as a clerk says it: ≥ 1000 is 不少于1000平方米."""
    required = required.replace("申报日期 ≥ ", "申报日期不早于")
    return required.replace("≥ ", "不少于").replace(" … ", "至").replace("> ", "晚于") + unit


def route_line(screening: Screening, prefecture: str | None) -> str:
    """Where to apply."""
    if screening.route is None:
        return say("result.no_route")
    return say(f"result.{screening.route}", place=prefecture or "所在州（市）")


def _buttons(screening: Screening) -> Iterator[Button]:
    if screening.unmet:
        yield Button("查清其余缺口", "more")
    if screening.verdict != "eligible":
        yield Button("缺口计划", "plan")
    yield Button("分年补助", "years")
    yield Button("下载报告", "report")
    open_fields = [c.field for c in screening.criteria if c.status != "met" and c.actual is not None]
    for field in dict.fromkeys(open_fields[:CHANGES_SHOWN]):
        yield Button(f"改：{FIELDS[field].title}", f"change:{field}")
    yield Button("已填内容", "summary")
    yield Button("两类对比", "compare")
    yield Button("重新预审", "prescreen")
    yield Button("转人工", "human")


def word_summary(world: World, interview: Interview) -> Reply:
    """Every response so far with its change button."""
    lines, buttons = [], []
    for field, value in interview.responses:
        lines.append(f"· {FIELDS[field].title}：{word_value(field, value)}")
        buttons.append(Button(f"改：{FIELDS[field].title}", f"change:{field}"))
    for field in interview.skipped:
        lines.append(f"· {FIELDS[field].title}：跳过")
        buttons.append(Button(f"填：{FIELDS[field].title}", f"change:{field}"))
    heading = f"{TRACKS[interview.track]}预审，已填{len(interview.responses)}项"
    text = "\n".join([heading + ("：" if lines else "。"), *lines, _so_far(world, interview)])
    return Reply("control", (Block("text", text),), buttons=tuple(buttons))


def _so_far(world: World, interview: Interview) -> str:
    """The verdict on what was said until now, and how much is still to be asked."""
    screening = screen(questionnaire.to_profile(world.rules, interview), world.rules)
    law = world.rules.on(questionnaire.to_profile(world.rules, interview).as_of).law
    reason = ""
    if screening.unmet:
        reason = say(
            "questionnaire.so_far_unmet", names="、".join(_name(law, label) for label in screening.unmet)
        )
    if not interview.finished:
        done, at_most = questionnaire.progress(world.rules, interview)
        reason += say("questionnaire.so_far_left", left=at_most - done)
    return say("questionnaire.so_far", verdict=VERDICTS[screening.verdict], reason=reason)


def word_value(field: str, value: object) -> str:
    """A kept value with its unit: 1200平方米, 是, 企业, 不清楚."""
    return _shown(field, value) + (FIELDS[field].unit if value is not None else "")


def _shown(field: str, value: object) -> str:
    if value is None:
        return say("result.unknown")
    return show(field, value) or str(value)
