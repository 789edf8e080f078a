# Every command that people and CI use. Each sets up what it needs: a virtual environment in .venv, from the lock.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run demo test coverage lint check format bench lock bench-lock clean

run: .venv/ready  ## set up, then watch the sources of feeds.yaml until stopped
	$(BIN)/watcher run

demo: .venv/ready  ## set up, then show June 2020 in fast motion, without a network
	$(BIN)/watcher demo

test: .venv/ready  ## set up, then run all tests
	$(BIN)/python -m pytest

coverage: .venv/ready  ## the same, and how much of the code they run through
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage report --fail-under=85
	$(BIN)/coverage report --include='watcher/core/*' --fail-under=95

lint: .venv/ready  ## format, lint, types, imports, rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/watcher rules test
	$(BIN)/watcher check

check: lint coverage  ## all that CI looks at

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready  ## reading, then a poll of 1,000 feeds beside the reader library (some minutes)
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.poll

.venv/ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "watcher needs Python 3.11 or newer; name one with make PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

lock:  ## resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --group dev pyproject.toml -o requirements-dev.lock

bench-lock:  ## the same for what the benchmarks compare with
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make bench-lock' benchmarks/requirements.in -o benchmarks/requirements.lock

clean:
	rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache .coverage
