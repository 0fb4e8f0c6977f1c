"""Run every benchmark and print its figures."""

from benchmarks import answers, retrieval, screening

for benchmark in (answers, retrieval, screening):
    benchmark.main()
