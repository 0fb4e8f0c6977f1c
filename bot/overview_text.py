"""The tables of what people ask, as a summary to read and as CSV for a spreadsheet; no person is in either."""

import csv
import io
from collections.abc import Iterator

from bot.overview import OUTCOMES, VERDICTS, Overview, Row, place_name, shown
from knowledge.entries import TRACKS
from knowledge.label import read_label

MOST = 5
"""Lines of a list in the summary."""


def summary(overview: Overview) -> str:
    """A period in a few lines, as it is told to a desk."""
    all_ = overview.all
    where = place_name(overview.place) if overview.place else "全省"
    lines = [f"{where} {overview.first} 至 {overview.last} 咨询小结"]
    if not all_.total:
        return "\n".join([*lines, "这段时间没有提问。", *_waiting(overview)])
    shares = "，".join(
        f"{OUTCOMES[o]}{all_.outcomes[o]}（{all_.share(o)}）" for o in OUTCOMES if o in all_.outcomes
    )
    lines.append(f"提问{all_.total}次：{shares}。")
    lines.append(
        "问得最多：" + "；".join(f"{row.name}{row.total}" for row in overview.by_topic[:MOST]) + "。"
    )
    refused = sorted(overview.by_topic, key=lambda row: -row.outcomes.get("abstained", 0))[:MOST]
    refused = [row for row in refused if row.outcomes.get("abstained")]
    if refused:
        lines.append("没有答上的：" + "；".join(f"{r.name}{r.outcomes['abstained']}" for r in refused) + "。")
    return "\n".join([*lines, *_waiting(overview), *_prescreens(overview)])


def _waiting(overview: Overview) -> Iterator[str]:
    waiting = overview.waiting
    if waiting.opened:
        first = f"，首次答复用时中位数{hours(waiting.median_hours)}" if waiting.answered else ""
        yield f"人工工单{waiting.opened}张，已答复{waiting.answered}张{first}。"


def hours(value: float | None) -> str:
    """A time as a clerk says it."""
    if value is None:
        return "–"
    return (
        f"{value * 60:.0f}分钟" if value < 1 else f"{value:.1f}小时" if value < 48 else f"{value / 24:.1f}天"
    )


def _prescreens(overview: Overview) -> Iterator[str]:
    for track, found in overview.verdicts.items():
        if found:
            said = "，".join(
                f"{VERDICTS[v]}{shown(found[v], overview.place)}" for v in VERDICTS if v in found
            )
            yield f"{TRACKS[track]}预审：{said}。"
    unmet = [f"{name_of(label)} {shown(n, overview.place)}" for _, label, n in overview.unmet[:MOST]]
    if unmet:
        yield "最常不满足：" + "；".join(unmet) + "。"


def name_of(label: str) -> str:
    """A label as it is read: 第九条第（三）项."""
    read = read_label(label)
    return read.name if read else label


def as_csv(overview: Overview) -> str:
    """All tables one below the other: kind, name, then the figures; Excel reads it as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["表", "名称", "合计", *OUTCOMES.values()])
    tables = {
        "合计": (overview.all,), "按日": overview.by_day, "按主题": overview.by_topic, "按渠道": overview.by_channel,
        "按州（市）": overview.by_place,
    }  # fmt: skip
    for table, rows in tables.items():
        writer.writerows([table, *_cells(row)] for row in rows)
    writer.writerow([])
    writer.writerow(["问卷", "问题", "问到", "回答", "跳过", "离开"])
    for step in overview.steps:
        writer.writerow([TRACKS[step.track], step.title, step.asked, step.responded, step.skipped, step.left])
    writer.writerow([])
    writer.writerow(["预审", "结论或不满足的项", "次数"])
    for track, found in overview.verdicts.items():
        writer.writerows([TRACKS[track], VERDICTS[v], shown(n, overview.place)] for v, n in found.items())
    writer.writerows([TRACKS[t], name_of(label), shown(n, overview.place)] for t, label, n in overview.unmet)
    return "\ufeff" + out.getvalue()


def _cells(row: Row) -> list[object]:
    """Topics and places are the program's own words, yet a cell must never begin a formula."""
    name = f"'{row.name}" if row.name[:1] in {"=", "+", "-", "@"} else row.name
    return [name, row.total, *(row.outcomes.get(outcome, 0) for outcome in OUTCOMES)]
