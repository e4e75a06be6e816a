# Two commands do everything: `make run` and `make test`. The rest is for contributors.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
BENCH_STAMP := $(VENV)/.bench-ready
JOBS ?= auto

.PHONY: run test test-all bench lint types imports check clean help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

run: $(STAMP) ## run the example flow end to end on real input
	$(BIN)/python examples/run.py

test: $(STAMP) ## every test but the long ones
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope -m "not long"

test-all: $(STAMP) ## every test, the long ones too
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope

$(BENCH_STAMP): $(STAMP) bench/package.json bench/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	cd bench && npm ci --no-audit --no-fund --silent
	@touch $@

bench: $(BENCH_STAMP) ## benchmarks against peers and limits, interleaved
	$(BIN)/python -m bench

lint: $(STAMP) ## ruff: style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

imports: $(STAMP) ## import-linter: the map in ARCHITECTURE.md, held
	$(BIN)/lint-imports

check: lint types imports ## all static checks

clean: ## remove what the build made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
