"""Run every benchmark and print its figures."""

from benchmarks import answers, growth, page, publishing, reports, retrieval, screening, telegram, web

for benchmark in (answers, retrieval, screening, reports, web, growth, publishing, telegram, page):
    benchmark.main()
