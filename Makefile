# Everything happens in .venv; the README has the same lines for people without make. On Linux, to install without CUDA:
# PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make run
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check dist picture clean

run: .venv/installed
	$(BIN)/ringkas summarize tests/samples/jembatan.txt

test: .venv/installed-dev
	# The newest rules of accessibility, where there is npm.
	-command -v npm >/dev/null && npm install --silent --no-audit --no-fund --prefix tests
	$(BIN)/python -m pytest -n auto

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	# That the pages of the site, the docstrings and the links between them fit together.
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file .mkdocs.yml

# What a release uploads: an sdist, and the wheel that is built from it.
dist: .venv/installed-dev
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/python -m twine check --strict dist/*

# The picture of the page that the README shows, from a run with the embedded model; needs Chromium.
picture: .venv/installed-dev
	$(BIN)/python -m tests.web.picture docs/serve.png

clean:
	rm -rf .venv build dist

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	# pip 23.2, which comes with some Pythons, stumbles over the two spellings of an extra of lxml among the dependencies.
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@
