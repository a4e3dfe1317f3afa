# Every target does its own set-up: a virtual environment in .venv with the versions of constraints.txt.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= auto
SEED ?= 1
COUNT ?= 200

.PHONY: setup demo test test-long check mutate update clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt setup.sh
	@sh setup.sh $(VENV)

demo: $(READY)
	@$(BIN)/python -m tests.demo

test: $(READY)
	@$(BIN)/ruff check -q . && $(BIN)/ruff format -q --check . && $(BIN)/mypy --no-error-summary
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not long"

test-long: $(READY)
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal

check: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

mutate: $(READY)
	@nice -n 10 $(BIN)/python -m tests.mutate --seed $(SEED) --count $(COUNT)

update:
	@sh setup.sh --update

clean:
	rm -rf $(VENV) .mutate build dist *.egg-info
