"""Run every benchmark and print its figures."""

from benchmarks import answers, reports, retrieval, screening

for benchmark in (answers, retrieval, screening, reports):
    benchmark.main()
