"""Run every benchmark and print its figures."""

from benchmarks import answers, reports, retrieval, screening, web

for benchmark in (answers, retrieval, screening, reports, web):
    benchmark.main()
