"""Run every benchmark and print its figures."""

from benchmarks import (
    answers,
    growth,
    helpdesk,
    page,
    publishing,
    reports,
    retrieval,
    screening,
    statutes,
    telegram,
    web,
)

for benchmark in (
    answers,
    retrieval,
    statutes,
    screening,
    reports,
    web,
    growth,
    helpdesk,
    publishing,
    telegram,
    page,
):
    benchmark.main()
