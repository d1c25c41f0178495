# The team's make targets: `make -f conventions.mk help`. A Makefile of your own says, as its first
# line, `include conventions.mk`: a target that both have is then yours, and make says so.
# Nothing here changes how your own recipes run; what is made lies in .conventions/.

TEAM_PYTHON ?= {{ cookiecutter.python_version }}
# What is linted: empty for every Python file and notebook that git knows, or names such as `src tests`.
TEAM_CODE ?=
# What pytest runs: empty for what it finds by itself.
TEAM_TESTS ?=
# What `make setup` installs beside the tools: the project, and its requirements, where they are found.
TEAM_PROJECT ?= $(if $(shell grep -sE '^\[(project|build-system)\]' pyproject.toml)$(wildcard setup.py),--editable .)
TEAM_REQUIREMENTS ?= $(wildcard requirements.txt requirements-dev.txt requirements/dev.txt)
TEAM_IMAGE ?= {{ cookiecutter._conventions.get('image_registry') ~ "/" if cookiecutter._conventions.get('image_registry') }}$(shell basename "$(CURDIR)" | tr 'A-Z ' 'a-z-')

TEAM_UV := 0.13.8
TEAM_BIN := .conventions/venv/bin
TEAM_READY := .conventions/venv/.ready
TEAM_INSTALL = $(TEAM_BIN)/uv pip install --quiet --python $(TEAM_BIN)/python
TEAM_LINT = $(TEAM_BIN)/python .conventions/lint.py
# What the tools are installed for: another folder, machine or interpreter, or other pins, and they are again.
TEAM_PINS := .conventions/dev.txt $(wildcard pyproject.toml setup.py) $(TEAM_REQUIREMENTS)
TEAM_MADE_FOR := pwd -P; uname -sm; cksum $(TEAM_PINS); \
	$(TEAM_BIN)/python -ISc 'import sys; print("$(TEAM_PYTHON)", sys.implementation.cache_tag)'

ifneq ($(shell { $(TEAM_MADE_FOR); } 2>/dev/null || true),$(shell cat $(TEAM_READY) 2>/dev/null || true))
.PHONY: $(TEAM_READY)
endif
.PHONY: help setup hooks format lint baseline type test docs design image ci lock clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(TEAM_READY) ## Make .conventions/venv with the pinned tools, and the project in it
	@echo "ready: 'make lint' lists what is new, 'make test' runs your tests"

hooks: $(TEAM_READY) ## Let git check each commit, as .pre-commit-config.yaml says
	$(TEAM_BIN)/pre-commit install

format: $(TEAM_READY) ## Rewrite what changed since the last commit in the one style (ALL=1: everything)
	$(TEAM_LINT) $(if $(ALL),--all) --format $(TEAM_CODE)

lint: $(TEAM_READY) ## Check style and mistakes: only what the baseline does not have fails
	$(TEAM_LINT) --tools black,flake8,pylint,hadolint $(TEAM_CODE)

type: $(TEAM_READY) ## Check types, in the same way
	$(TEAM_LINT) --tools mypy $(TEAM_CODE)

baseline: $(TEAM_READY) ## Accept today's findings: from now on only new ones fail
	$(TEAM_LINT) --accept $(TEAM_CODE)

test: $(TEAM_READY) ## Run your tests, with your own settings
	$(TEAM_BIN)/python -m pytest $(TEAM_TESTS) || [ $$? -eq 5 ] # 5: there are none

docs: $(TEAM_READY) ## Build docs/ with Sphinx, where it has a conf.py
	@[ ! -f docs/conf.py ] || $(TEAM_BIN)/sphinx-build --quiet docs .conventions/site

design: ## List the open points of the documents
	@grep -rn --include='*.md' '\*\*Open:\*\*' docs || echo "no open points"

image: ## Build the container image
	docker build --tag "$(TEAM_IMAGE)" .

ci: lint type test docs ## All that CI runs, in its order

lock: $(TEAM_READY) ## Pin the tools anew, with hashes
	cd .conventions && venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --upgrade dev.in --output-file dev.txt

clean: ## Remove what can be made again; the baseline stays
	rm -rf .conventions/venv .conventions/site

$(TEAM_READY):
	@python=$$(for name in python$(TEAM_PYTHON) python3 python python3.14 python3.13 python3.12 python3.11; do \
		$$name -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			&& echo $$name && break; done); \
	[ -n "$$python" ] || { echo "install Python $(TEAM_PYTHON) with venv (3.11 is the oldest that works)" >&2; exit 1; }; \
	echo "setting up .conventions/venv with $$($$python --version)"; \
	rm -rf .conventions/venv && $$python -m venv .conventions/venv
	@$(TEAM_BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(TEAM_UV)
	@$(TEAM_INSTALL) --require-hashes --requirement .conventions/dev.txt
	@$(if $(TEAM_PROJECT)$(TEAM_REQUIREMENTS),$(TEAM_INSTALL) $(TEAM_PROJECT) $(TEAM_REQUIREMENTS:%=--requirement %))
	@{ $(TEAM_MADE_FOR); } >$@

# The first target below an `include` of this file is what `make` alone does, as before.
.DEFAULT_GOAL := $(if $(filter %conventions.mk,$(firstword $(MAKEFILE_LIST))),help)
