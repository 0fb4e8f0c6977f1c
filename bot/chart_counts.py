"""What people ask as charts in SVG: bars by day, stacked by outcome, and bars beside names; told in words by title and desc."""

from collections.abc import Iterator, Sequence
from html import escape

from bot.overview import OUTCOMES, Row

WIDTH, HEIGHT = 760, 240
_LEFT, _RIGHT, _TOP, _BOTTOM, _NAMES = 44, 12, 34, 30, 210
_LINE = 26
_COLOURS = {
    "answered": "#1f6f9f", "abstained": "#c0504d", "clarify": "#b8963e", "handed_over": "#6b4c9a", "result": "#3f8f5f",
}  # fmt: skip
_FONT = "Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def draw_days(rows: Sequence[Row], title: str) -> str:
    """One bar a day, stacked by outcome; a sentence where nothing was asked."""
    told = f"{title}：" + "，".join(f"{row.name} {row.total}" for row in rows if row.total)
    top = max((row.total for row in rows), default=0)
    if not top:
        return _svg(title, f"{title}：没有提问。", [_text(WIDTH / 2, 40, "这段时间没有提问。", "middle")], 70)
    step = _step(top)
    high = -(-top // step) * step
    return _svg(title, told, [*_legend(), *_grid(step, high), *_bars(rows, high)], HEIGHT)


def _svg(title: str, told: str, parts: Sequence[str], height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-label="{escape(told)}" font-family="{_FONT}" font-size="12" fill="currentColor">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _step(top: int) -> int:
    """From one grid line to the next: 1, 2 or 5 times a power of ten, at most five lines."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if top <= 5 * step:
                return step
        power *= 10


def _y(n: float, high: int) -> float:
    return HEIGHT - _BOTTOM - n / high * (HEIGHT - _TOP - _BOTTOM)


def _legend() -> Iterator[str]:
    for number, (outcome, name) in enumerate(OUTCOMES.items()):
        x = _LEFT + number * 96
        yield f'<rect x="{x}" y="8" width="12" height="12" fill="{_COLOURS[outcome]}"/>'
        yield _text(x + 17, 18, name)


def _grid(step: int, high: int) -> Iterator[str]:
    for n in range(0, high + 1, step):
        y = _y(n, high)
        yield f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH - _RIGHT}" y2="{y:.1f}" stroke="currentColor" opacity=".15"/>'
        yield _text(_LEFT - 6, y + 4, str(n), "end")


def _bars(rows: Sequence[Row], high: int) -> Iterator[str]:
    room = (WIDTH - _LEFT - _RIGHT) / len(rows)
    every = max(1, -(-len(rows) // 10))
    for number, row in enumerate(rows):
        x, below = _LEFT + room * number, 0
        for outcome, colour in _COLOURS.items():
            n = row.outcomes.get(outcome, 0)
            if n:
                y, end = _y(below + n, high), _y(below, high)
                yield (
                    f'<rect x="{x + room * 0.12:.1f}" y="{y:.1f}" width="{room * 0.76:.1f}" height="{end - y:.1f}" '
                    f'fill="{colour}"><title>{escape(row.name)} {OUTCOMES[outcome]} {n}</title></rect>'
                )
                below += n
        if number % every == 0:
            yield _text(x + room / 2, HEIGHT - _BOTTOM + 17, row.name[5:], "middle")


def draw_names(rows: Sequence[tuple[str, int, str]], title: str) -> str:
    """A bar beside each name, as long as its number; the third of a row is what is written at its end."""
    told = f"{title}：" + "，".join(f"{name} {said}" for name, _, said in rows)
    top = max((n for _, n, _ in rows), default=0)
    if not top:
        return _svg(title, f"{title}：没有。", [_text(WIDTH / 2, 40, "这段时间没有。", "middle")], 70)
    room = WIDTH - _NAMES - _RIGHT - 90
    parts = []
    for number, (name, n, said) in enumerate(rows):
        y = number * _LINE + 4
        short = name if len(name) <= 16 else name[:15] + "…"
        parts.append(_text(_NAMES - 8, y + 15, short, "end"))
        parts.append(
            f'<rect x="{_NAMES}" y="{y}" width="{max(1.0, n / top * room):.1f}" height="{_LINE - 8}" '
            f'fill="{_COLOURS["answered"]}"><title>{escape(name)} {escape(said)}</title></rect>'
        )
        parts.append(_text(_NAMES + max(1.0, n / top * room) + 6, y + 15, said))
    return _svg(title, told, parts, len(rows) * _LINE + 8)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
