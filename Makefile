# Two commands from a fresh machine: `make demo` and `make test`.
# Each target makes the virtual environment it needs, with uv when it is installed.

RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c "$(RECENT)" 2> /dev/null && echo $$python && break; done)
UV := $(shell command -v uv)
BIN := .venv/bin
CODE := graph resolvers loaders api tests notebooks
UPGRADE ?=

# Tests start the command again and again; compiled once, each start is short.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test neo4j check rules mutants bench lock notebooks wheel-test clean

help:  ## list the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

demo: .venv-demo/ready  ## generate a small district, load, resolve, propagate, print what follows
	.venv-demo/bin/creditgraph demo

test: .venv/ready  ## run every test, with coverage
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered --cov-fail-under=90

neo4j: .venv/ready  ## run a Neo4j server on this machine (needs Maven and a JDK 17, no Docker)
	$(BIN)/python -m tests.support.server

check: .venv/ready  ## formatting, lint, types, import rules
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

rules: .venv/ready  ## write docs/RULES.md from the rule files
	$(BIN)/creditgraph rules document --lang en --out docs/RULES.md

mutants: .venv/ready  ## break the sanctions engine on purpose; every break must fail a test
	$(BIN)/python -m tests.mutants

bench: .venv/ready  ## measure the figures of docs/BENCHMARKS.md
	$(BIN)/python -m tests.benchmarks

notebooks: .venv/ready  ## run the notebooks on a demo store, into build/notebooks/*.ipynb
	mkdir -p build
	cd build && CREDITGRAPH_KEY_FILE=key ../$(BIN)/creditgraph demo > demo.txt
	CREDITGRAPH_STORE=$(CURDIR)/build/creditgraph-demo/300-1/creditgraph.db \
		CREDITGRAPH_KEY_FILE=$(CURDIR)/build/key $(BIN)/python -m tests.notebooks build/notebooks

lock: .venv/ready  ## pin dependencies with hashes, for every platform (UPGRADE=--upgrade: the newest)
	$(BIN)/uv pip compile pyproject.toml $(PINS) --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev $(PINS) --output-file requirements-dev.lock

PINS = --quiet --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
	--python-version 3.11 $(UPGRADE)

# Run from another folder, so that nothing can be found but what the wheel holds.
wheel-test: .venv/ready  ## build the wheel, install it alone, run the demo from it
	rm -rf dist .venv-wheel
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .
	$(call environment,.venv-wheel,requirements.lock,dist/*.whl)
	cd .venv-wheel && bin/creditgraph --help > /dev/null
	cd .venv-wheel && CREDITGRAPH_KEY_FILE=key bin/creditgraph demo > /dev/null

clean:  ## remove environments, caches and the demo
	rm -rf .venv .venv-demo .venv-wheel .venv-java build dist creditgraph-demo htmlcov .coverage .coverage.* \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# The build tool is in the lock file, so nothing comes in without a hash.
.venv/ready: pyproject.toml requirements-dev.lock
	$(call environment,.venv,requirements-dev.lock,--no-build-isolation --editable .)
	@touch $@

# Run-time dependencies alone, so that the demo starts soon; the build tool comes by isolation.
.venv-demo/ready: pyproject.toml requirements.lock
	$(call environment,.venv-demo,requirements.lock,--editable .)
	@touch $@

# Makes an environment (1: folder), installs a lock file (2), then ourselves (3) without more.
define environment
	@"$(PYTHON)" -c "$(RECENT)" 2> /dev/null || { \
		echo "creditgraph needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(if $(UV),test -x $(1)/bin/python || $(UV) venv --quiet --python $(PYTHON) $(1), \
		test -x $(1)/bin/pip || $(PYTHON) -m venv $(1))
	$(call install,$(1)) --require-hashes --requirement $(2)
	$(call install,$(1)) --no-deps $(3)
endef

install = $(if $(UV),$(UV) pip install --quiet --python $(1)/bin/python,$(1)/bin/python -m pip install --quiet)
