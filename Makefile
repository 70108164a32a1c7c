# The one list of tasks; CI runs the same ones. `make site` and `make test` need Python 3.11+, make and a network.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check
SITE   := $(VENV)/site.stamp
TOOLS  := $(VENV)/test.stamp

.DEFAULT_GOAL := help
.PHONY: help site test lint format serve check review browser golden soak demo bench bench-large bench-conversion lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r task what; do \
	  printf '%-24s %s\n' "$$task" "$$what"; done

site: $(SITE) ## everything from nothing: .venv, dependencies, seeds -> content -> public/
	$(PY) build.py $(ARGS)

test: $(TOOLS) ## all tests, with the browser and the HTML checker that they need
	$(PY) tests/tools.py
	$(PY) -m pytest $(ARGS)

lint: $(TOOLS) ## format, style, types, workflows
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/actionlint

format: $(TOOLS) ## put the code into its format
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

serve: $(SITE) ## preview on http://127.0.0.1:8000/ that follows every change
	$(PY) build.py serve $(ARGS)

check: $(SITE) ## audit of the site in public/: links, references, editions, feeds
	$(PY) build.py check $(ARGS)

review: $(SITE) ## what an editor should look at, worst first
	$(PY) build.py review $(ARGS)

browser: $(TOOLS) ## only the tests in Chromium
	$(PY) tests/tools.py
	$(PY) -m pytest tests/browser $(ARGS)

golden: $(TOOLS) ## write the golden files of the tests again; read the diff before committing it
	$(PY) -m pytest --golden $(ARGS)

soak: $(TOOLS) ## the property and fault tests for hours instead of seconds
	GENGDUO_SOAK=1 $(PY) -m pytest tests/properties tests/faults $(ARGS)

demo: $(SITE) ## a throw-away site of 300 invented stories, to look at
	$(PY) benchmarks/demo.py $(ARGS)

bench: $(TOOLS) ## our build beside Hugo's, 2,000 articles, about two minutes
	$(PY) benchmarks/bench.py $(ARGS)

bench-large: $(TOOLS) ## the same with 10,000 and 50,000 articles
	$(PY) benchmarks/bench.py --large $(ARGS)

bench-conversion: $(TOOLS) ## errors per 10,000 Han beside bare OpenCC; PAIRS=folder for other sentence pairs
	$(PY) benchmarks/conversion.py $(PAIRS) $(ARGS)

lock: $(PY) ## newest versions that pyproject.toml allows, with their hashes, into the two lock files
	$(PIP) install --quiet --upgrade uv
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command 'make lock' --output-file requirements.lock pyproject.toml
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command 'make lock' --extra test --constraint requirements.lock \
	  --output-file requirements-test.lock pyproject.toml

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

# The second lock holds everything of the first, so a checkout that tests needs one installation.
$(TOOLS): requirements-test.lock | $(PY)
	$(PIP) install --quiet --require-hashes -r requirements-test.lock
	@touch $@
