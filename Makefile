# The one list of tasks; CI runs the same ones. `make site` and `make test` need Python 3.11+, make and a network.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check
SITE   := $(VENV)/site.stamp
TESTS  := $(VENV)/test.stamp
PEERS  := $(VENV)/bench.stamp
LOCK   := $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
            --custom-compile-command 'make lock'

.DEFAULT_GOAL := help
.PHONY: help site test lint format serve check review browser golden soak demo bench bench-large bench-conversion lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r task what; do \
	  printf '%-24s %s\n' "$$task" "$$what"; done

site: $(SITE) ## everything from nothing: .venv, dependencies, seeds -> content -> public/
	$(PY) build.py $(ARGS)

test: $(TESTS) ## all tests, with the browser and the HTML checker that they need
	$(PY) tests/tools.py
	$(PY) -m pytest $(ARGS)

lint: $(TESTS) ## format, style, types, workflows
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/actionlint

format: $(TESTS) ## put the code into its format
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

serve: $(SITE) ## preview on http://127.0.0.1:8000/ that follows every change
	$(PY) build.py serve $(ARGS)

check: $(SITE) ## audit of the site in public/: links, references, editions, feeds
	$(PY) build.py check $(ARGS)

review: $(SITE) ## what an editor should look at, worst first
	$(PY) build.py review $(ARGS)

browser: $(TESTS) ## only the tests in Chromium
	$(PY) tests/tools.py
	$(PY) -m pytest tests/browser $(ARGS)

golden: $(TESTS) ## write the golden files of the tests again; read the diff before committing it
	$(PY) -m pytest --golden $(ARGS)

soak: $(TESTS) ## the tests with thousands of examples for each property, for hours
	GENGDUO_SOAK=1 $(PY) -m pytest --ignore=tests/browser $(ARGS)

demo: $(SITE) ## a throw-away site of 300 invented stories, to look at
	$(PY) benchmarks/demo.py $(ARGS)

bench: $(PEERS) ## our build beside Hugo's, 2,000 stories, about two minutes
	$(PY) benchmarks/run.py $(ARGS)

bench-large: $(PEERS) ## the same with 10,000 stories, and growth to 50,000
	$(PY) benchmarks/run.py --large $(ARGS)

bench-conversion: $(PEERS) ## errors per 10,000 Han beside bare OpenCC; PAIRS=folder for other sentence pairs
	$(PY) benchmarks/conversion.py $(PAIRS) $(ARGS)

lock: $(PY) ## newest versions that pyproject.toml allows, with their hashes, into the lock files
	$(PIP) install --quiet --upgrade uv
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --constraint requirements.lock --extra test --extra dask --output-file requirements-test.lock pyproject.toml
	$(LOCK) --constraint requirements.lock --extra bench --output-file requirements-bench.lock pyproject.toml

clean: ## remove what these tasks made: .venv, .cache, node_modules, public, tools' caches
	rm -rf $(VENV) .cache node_modules public .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find gengduo tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------------------------------------------- environment

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'Gengduo needs Python 3.11 or newer, and $(PYTHON) is not; try: make site PYTHON=python3.13' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(SITE): requirements.lock | $(PY)
	$(PIP) install --quiet --require-hashes -r requirements.lock
	@touch $@

# The locks for tests and benchmarks hold everything of the first, at the same versions.
$(TESTS): requirements-test.lock | $(PY)
	$(PIP) install --quiet --require-hashes -r requirements-test.lock
	@touch $@

$(PEERS): requirements-bench.lock | $(PY)
	$(PIP) install --quiet --require-hashes -r requirements-bench.lock
	@touch $@
