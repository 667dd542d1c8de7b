# Two commands from a fresh machine: `make demo` and `make test`.
# Each target makes the virtual environment it needs, with uv when it is installed.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := $(shell command -v uv)
BIN := .venv/bin
DEMO := .venv-demo/bin
WHEEL := .venv-wheel

.PHONY: help demo test check bench lock wheel-test clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

demo: .venv-demo/ready  ## generate a small district, load, resolve, propagate, print what follows
	$(DEMO)/creditgraph demo

test: .venv/ready  ## run every test, with coverage
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered --cov-fail-under=90

check: .venv/ready  ## formatting, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/ready  ## measure the figures of docs/BENCHMARKS.md
	$(BIN)/python -m tests.benchmarks

lock: .venv/ready  ## pin dependencies with hashes, for every platform
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url \
		--no-header --python-version 3.11 --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes \
		--no-emit-index-url --no-header --python-version 3.11 --output-file requirements-dev.lock

wheel-test: .venv/ready  ## build the wheel and run the demo from it, outside the checkout
	rm -rf dist $(WHEEL)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .
	$(PYTHON) -m venv $(WHEEL)
	$(WHEEL)/bin/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(WHEEL)/bin/python -m pip install --quiet --no-deps dist/*.whl
	cd $(WHEEL) && bin/creditgraph demo --out demo > /dev/null

clean:  ## remove environments, caches and the demo
	rm -rf .venv .venv-demo $(WHEEL) dist creditgraph-demo .mypy_cache .ruff_cache .pytest_cache

.venv/ready: pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "creditgraph needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
ifeq ($(UV),)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
else
	test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) .venv
	uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-dev.lock
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
endif
	@touch $@

# Run-time dependencies alone, so that the demo starts soon; the build tool comes by isolation.
.venv-demo/ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "creditgraph needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
ifeq ($(UV),)
	test -x $(DEMO)/python || $(PYTHON) -m venv .venv-demo
	$(DEMO)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(DEMO)/python -m pip install --quiet --no-deps --editable .
else
	test -x $(DEMO)/python || uv venv --quiet --python $(PYTHON) .venv-demo
	uv pip install --quiet --python $(DEMO)/python --require-hashes --requirement requirements.lock
	uv pip install --quiet --python $(DEMO)/python --no-deps --editable .
endif
	@touch $@
