# Two commands are all a fresh machine needs: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python run_stream.py

.PHONY: run test check format lint types imports replay-references bench clean

run: $(VENV)/.runtime  ## Live: the first camera that opens, else the shipped sample
	$(RUN) run $(ARGS)

# A file of tests stays in one process, as its fixtures are dear; `ARGS="-n 0"` for a debugger.
test: $(VENV)/.dev  ## The whole test suite
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: lint types imports replay-references test  ## Everything a commit must pass

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

replay-references: $(VENV)/.dev  ## The shipped sample must still give its recorded events
	$(RUN) replay samples/sample.mcap --verify

bench: $(VENV)/.dev  ## What a tick costs and what others cost: table, plot, JSON in build/benchmarks
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache

# One pip call resolves everything: a second one would move protobuf past mediapipe's bound.
$(VENV)/.runtime: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable . --constraint constraints.txt
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]' --constraint constraints.txt
	@touch $(VENV)/.runtime $@
