# make run   environment, front-end packages, demonstration register, server on http://127.0.0.1:8000
# make test  the same set-up and what tests need, then every test, linters and types
# make bench every figure of the README beside its peer, in one run
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REGISTER ?= data/dijie.gpkg

.PHONY: setup dev-setup system run test lint types bench clean texts

setup: $(VENV)/.installed web/static/npm/.copied web/translations/.compiled

$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Dijie needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	touch $@

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

web/static/npm/.copied: node_modules/.installed web/static/copy-npm.mjs
	node web/static/copy-npm.mjs
	touch $@

web/translations/.compiled: $(VENV)/.installed $(wildcard web/translations/*/LC_MESSAGES/*.po)
	$(BIN)/pybabel --quiet compile --directory web/translations
	touch $@

dev-setup: setup $(VENV)/.dev

# What the tests need of the system: Chromium, Chinese fonts, GDAL's tools, PostGIS, PyQGIS. Only as root, only if missing.
system:
	sh tests/system-packages.sh

$(REGISTER): | setup
	$(BIN)/dijie demo --register $(REGISTER)

run: setup $(REGISTER)
	$(BIN)/dijie serve --register $(REGISTER)

lint: dev-setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: dev-setup
	$(BIN)/mypy
	npx --no-install tsc -p web/static/tsconfig.json

test: dev-setup system lint types
	$(BIN)/pytest -n 2 --dist loadgroup $(PYTEST_ARGS)
	node --test tests/web/js/*.test.js

bench: dev-setup system
	$(BIN)/python -m benchmarks

# Add the texts of pages, errors and commands that are new to the catalogue of translations.
texts: dev-setup
	$(BIN)/python tests/web/collected_texts.py

clean:
	rm -rf $(VENV) node_modules web/static/npm .mypy_cache .ruff_cache .pytest_cache dist
