"""The retrieval bench in words: how a question was read, and why each candidate has its score."""

from knowledge.bench import Bench, Candidate
from knowledge.entries import TRACKS
from knowledge.ranking import ANSWER_FROM

KINDS = {"faq": "常见问题", "silence": "办法没有规定", "outside": "办法以外"}


def read_as(bench: Bench) -> tuple[tuple[str, str], ...]:
    """How the question was read: a name and what it is, where there is something to say."""
    tracks = {**TRACKS, "both": "两类"}
    said = (
        ("读作", bench.text),
        ("检索的话", bench.topic if bench.topic != bench.text else ""),
        ("类别", tracks.get(bench.track or "", "")),
        ("条款", "、".join(bench.clauses)),
        ("必须说到", "、".join(bench.decisive)),
        ("词的分量", "，".join(f"{token.removeprefix('#')} {weight:.1f}" for token, weight in bench.tokens)),
    )
    return tuple((name, words) for name, words in said if words)


def why(candidate: Candidate) -> str:
    """What the score is made of, in one line."""
    parts = [
        f"问法{candidate.wording:.2f}", f"字面{candidate.letters:.2f}", f"本条用词{candidate.own:.2f}",
        f"同条款用词{candidate.article:.2f}",
    ]  # fmt: skip
    if candidate.trust < 1:
        parts.append(f"生词多，乘{max(candidate.trust, 0):.2f}")
    if not candidate.fits:
        parts.append("没有说到关键词，打折")
    return "，".join(parts)


def bench_text(bench: Bench) -> str:
    """The bench as text."""
    lines = [f"{name}：{words}" for name, words in read_as(bench)]
    lines.append(f"候选（{ANSWER_FROM}分起作答）：")
    for candidate in bench.candidates:
        lines.append(
            f"{candidate.score:6.2f}  {candidate.question}（{candidate.entry}，{KINDS[candidate.kind]}）"
        )
        lines.append(f"        最近的问法：{candidate.passage or '–'}；{why(candidate)}")
    return "\n".join(lines)
