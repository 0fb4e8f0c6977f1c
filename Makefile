# Everything a person runs. Each target makes its own environment from the lock files first.
VENV := .venv
BIN := $(VENV)/bin
# `command -v` finds dead shims, so each candidate is run and asked.
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)

.PHONY: run test lint bench soak mutants sbom audit image setup lock clean

run: $(VENV)/.run
	$(BIN)/beian serve

setup: $(VENV)/.run

test: $(VENV)/.dev
	$(BIN)/pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -c pyproject.toml -r bot knowledge flows
	$(BIN)/beian knowledge check

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(FULL)

soak: $(VENV)/.dev
	$(BIN)/pytest -m soak -s

# Changes flows/ in thousands of places, one at a time, and runs on each the tests that reach it: the better part of an hour
# on one core. What was tried is kept until its function changes, so that it may be broken off; AGAIN=1 tries the survivors too.
mutants: $(VENV)/.dev
	nice -n 15 $(BIN)/mutmut run --max-children 1 "flows.provisions.*"
	nice -n 15 $(BIN)/python -m benchmarks.mutating $(if $(AGAIN),--again) $(MODULES)
	$(BIN)/python -m benchmarks.mutants

# What the program is made of, from the lock file (CycloneDX).
sbom: $(VENV)/.dev
	$(BIN)/python -m benchmarks.sbom > sbom.json

# Known faults of the locked packages, where their database can be reached; never a gate: unreachable, it finds nothing.
audit: $(VENV)/bin/uv
	-$(BIN)/uv tool run pip-audit --require-hashes --disable-pip -r requirements.lock

# The Dockerfile's own steps in a clean root file system, and the program in it as the image runs it; needs root, debootstrap.
image: $(VENV)/.dev
	$(BIN)/python -m benchmarks.image $(ROOT)

# Where Python is told to write no bytecode, every start would compile everything: 0.3 s of the second that it may take.
COMPILE := $(BIN)/python -m compileall -q bot knowledge flows

$(VENV)/bin/uv:
	@test -n "$(PYTHON)" || { echo "beian needs Python 3.11 or newer with venv (python3 -m venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-uv.lock

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/uv
	@test -f $(VENV)/.dev || $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements.lock
	@test -f $(VENV)/.dev || $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python -e .
	@$(COMPILE)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/uv
	$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements-dev.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python -e .
	@$(COMPILE)
	@touch $@ $(VENV)/.run

# Packages newer than a fortnight are left out: a release that is withdrawn again must not break the build.
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --python-version 3.11 --exclude-newer $$(date -u -d '14 days ago' +%F)
lock: | $(VENV)/bin/uv
	$(LOCK) --extra build -o requirements.lock pyproject.toml
	$(LOCK) --extra dev -o requirements-dev.lock pyproject.toml
	echo uv | $(LOCK) -o requirements-uv.lock -

clean:
	rm -rf $(VENV)
