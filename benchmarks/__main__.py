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
    telegram,
    web,
)

for benchmark in (answers, retrieval, screening, reports, web, growth, helpdesk, publishing, telegram, page):
    benchmark.main()
