"""Support over the years as a bar chart in SVG: drawn by hand, readable in grey, told in words by its title and desc."""

from collections.abc import Iterator
from decimal import Decimal
from html import escape

from bot.wording import say
from flows.schedule import Schedule, Year

WIDTH, HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 56, 44
_DARK, _LIGHT, _GREY, _INK = "#1f4e79", "#8fbce0", "#7a7a7a", "#222222"
_FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def draw_years(schedule: Schedule) -> str:
    """The chart; its `desc` has every figure. Nothing but a sentence where there are no years."""
    title, told = say("years.chart"), describe(schedule)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="years-title years-desc" font-family="{_FONT}" font-size="13" fill="{_INK}">'
        f'<title id="years-title">{escape(title)}</title><desc id="years-desc">{escape(told)}</desc>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    )
    if not schedule.years:
        return f"{head}{_text(WIDTH / 2, HEIGHT / 2, told, 'middle')}</svg>"
    step = _step(schedule)
    top = -(-int(max(year.most for year in schedule.years)) // step) * step
    return head + "".join([*_legend(), *_grid(step, top), *_bars(schedule, top)]) + "</svg>"


def describe(schedule: Schedule) -> str:
    """The chart in one sentence, for those who cannot see it."""
    if not schedule.years:
        return schedule.notes[0].text
    parts = [
        say("years.told", year=year.first.year, construction=_said(year.construction), operating=_said(year.operating), most=year.most)
        for year in schedule.years
    ]  # fmt: skip
    return "；".join(parts) + "。"


def _said(amount: Decimal | None) -> str:
    return say("years.unknown") if amount is None else f"{amount:.2f}万元"


def _step(schedule: Schedule) -> int:
    """From one grid line to the next: hundreds, so many that the highest cap has at most five lines below it."""
    return 100 * max(1, -(-int(max(year.most for year in schedule.years)) // 500))


def _y(amount: Decimal | int, top: int) -> float:
    return round(HEIGHT - _BOTTOM - float(amount) / top * (HEIGHT - _TOP - _BOTTOM), 2)


def _text(x: float, y: float, text: str, anchor: str = "start", size: int = 13) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'


def _rect(x: float, y: float, width: float, height: float, style: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{max(height, 0):g}" {style}/>'


_CAP = f'fill="none" stroke="{_GREY}" stroke-width="1.2" stroke-dasharray="5 4"'


def _legend() -> Iterator[str]:
    styles = (f'fill="{_DARK}"', f'fill="{_LIGHT}"', _CAP)
    for n, (style, name) in enumerate(zip(styles, ("construction", "operating", "most"), strict=True)):
        x = _LEFT + n * 150
        yield _rect(x, 14, 14, 14, style)
        yield _text(x + 20, 26, say(f"years.{name}"))
    yield _text(WIDTH - _RIGHT, 26, say("years.unit"), "end")


def _grid(step: int, top: int) -> Iterator[str]:
    for amount in range(0, top + 1, step):
        y = _y(amount, top)
        yield f'<line x1="{_LEFT}" y1="{y:g}" x2="{WIDTH - _RIGHT}" y2="{y:g}" stroke="#dddddd"/>'
        yield _text(_LEFT - 8, y + 4, str(amount), "end", 12)


def _bars(schedule: Schedule, top: int) -> Iterator[str]:
    room = (WIDTH - _LEFT - _RIGHT) / len(schedule.years)
    width = min(84.0, room * 0.55)
    for n, year in enumerate(schedule.years):
        middle = _LEFT + room * (n + 0.5)
        yield from _bar(year, middle - width / 2, width, top)
        yield _text(middle, HEIGHT - _BOTTOM + 22, f"{year.first.year}年", "middle")


def _bar(year: Year, x: float, width: float, top: int) -> Iterator[str]:
    """What is known, stacked, inside the dashed outline of what is possible; a question is written, never drawn as 0."""
    yield _rect(x, _y(year.most, top), width, _y(0, top) - _y(year.most, top), _CAP)
    base = Decimal(0)
    for amount, colour in ((year.construction, _DARK), (year.operating, _LIGHT)):
        if amount:
            high, low = _y(base + amount, top), _y(base, top)
            yield _rect(x, high, width, low - high, f'fill="{colour}"')
            base += amount
    label = say("years.unknown") if year.total is None else f"{year.total:.2f}"
    if year.total is None and base:
        label = say("years.at_least", amount=f"{base:.2f}")
    yield _text(x + width / 2, _y(base, top) - 6, label, "middle")
