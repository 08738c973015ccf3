# `make run` and `make test` need only Python 3.11 or newer; both make .venv when it is missing or out of date.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2

.PHONY: run test validate lint types bench clean

run: .venv/ready
	$(BIN)/sim run quickstart

test: .venv/ready
	$(BIN)/pytest -n $(WORKERS) -m "not precise"

validate: .venv/ready  # the long versions of the statistical checks
	$(BIN)/pytest -n $(WORKERS) -m precise

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

bench: .venv/ready
	$(BIN)/python -m benchmarks

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch .venv/ready

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
