# Make targets of the template: `make demo` shows what it renders, `make test` checks it.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

UV := 0.13.8
READY := .venv/.ready
# What an environment is made for. In a copied or moved folder, with another machine, without its
# interpreter, or with other pins, it is made again.
MADE_FOR = { pwd -P; uname -sm; cksum $2; $1/bin/python -ISc 'import sys; print(sys.implementation.cache_tag)'; }
PINS := requirements.txt
KIT_PINS := '{{cookiecutter.project_slug}}/requirements/dev.txt' tests/kit/requirements.txt
RENDERED := $(CURDIR)/{{cookiecutter.project_slug}}/requirements
LIBRARY := {{cookiecutter.project_slug}}/kit
KIT_ENV := build/kit-env# what services install, apart from what renders them
KIT_READY := $(KIT_ENV)/.ready
PYTEST := pytest --numprocesses auto --dist loadscope
CONVENTIONS := conventions/{{cookiecutter._folder}}/.conventions
PYTHON_FILES := hooks conventions/hooks tests tools benchmarks docs/conf.py
KIT_ROOTS := tests/kit/adopt,tests/kit/delivery,tests/kit/evaluation,tests/kit/serving,tests/kit/testing,tests/kit/wire,tests/kit# as pytest finds helpers beside tests
RENDERED_FILES := python tools/python_files.py | xargs -0# what is rendered and parses before that
SAME := cloudpickle|httptools|joblib|mlflow|numpy|pandas|scikit-learn|scipy|uvloop# in the benchmark's peers, too
COMPILE := uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header --no-emit-index-url --upgrade

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# What asks this machine asks it directly, whatever HTTP_PROXY says.
export no_proxy := $(if $(filter *,$(no_proxy) $(NO_PROXY)),*,$(no_proxy),$(NO_PROXY),localhost,127.0.0.1,::1)
export NO_PROXY := $(no_proxy)
unexport VIRTUAL_ENV
unexport PYTHONPATH
unexport CDPATH
unexport PYTHONDONTWRITEBYTECODE # rendered services start seconds faster with bytecode

.PHONY: help demo test test-kit test-fast benchmark lint lock docs pictures release tags clean
ifneq ($(shell $(call MADE_FOR,.venv,$(PINS)) 2>/dev/null || true),$(shell cat $(READY) 2>/dev/null))
.PHONY: $(READY)
endif
ifneq ($(shell $(call MADE_FOR,$(KIT_ENV),$(KIT_PINS)) 2>/dev/null || true),$(shell cat $(KIT_READY) 2>/dev/null))
.PHONY: $(KIT_READY)
endif

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Render the default service under build/, train, serve and check it
	python tools/demo.py

test: lint test-kit ## Run every test; rendered services are set up and checked for real
	$(PYTEST)

test-kit: $(KIT_READY) ## Run the library's tests, with coverage: nothing is rendered or trained
	$(KIT_ENV)/bin/pytest tests/kit --cov --cov-config=pyproject.toml --numprocesses auto --dist worksteal

test-fast: $(READY) ## Run the tests that need no rendered environment
	$(PYTEST) -m "not slow"

benchmark: $(READY) ## Serve one model in ten ways and compare: 15 minutes, or benchmark QUICK=1
	python benchmarks/serving $(if $(QUICK),--quick)

lint: $(KIT_READY) ## Check the template's own code, the library and what is rendered: what is quick comes first
	black --check --quiet $(PYTHON_FILES) || { echo "run 'black $(PYTHON_FILES)'" >&2; exit 1; }
	flake8 $(PYTHON_FILES)
	$(RENDERED_FILES) black --check --quiet --config "$(LIBRARY)/pyproject.toml" \
		|| { echo "run '$(RENDERED_FILES) black --config $(LIBRARY)/pyproject.toml'" >&2; exit 1; }
	$(RENDERED_FILES) $(KIT_ENV)/bin/flake8 --toml-config "$(LIBRARY)/pyproject.toml" --per-file-ignores "*/tests/*:D"
	cd "$(LIBRARY)" && lint-imports --no-cache
	MYPYPATH="$(LIBRARY)" $(KIT_ENV)/bin/mypy --config-file "$(LIBRARY)/pyproject.toml" --cache-dir build/mypy \
		"$(LIBRARY)/mlservice" tests/kit/sketches
	pylint --jobs 2 hooks tools tests/*.py
	pylint conventions/hooks/post_gen_project.py
	PYTHONPATH="$(LIBRARY)" $(KIT_ENV)/bin/pylint --jobs 2 --source-roots $(KIT_ROOTS) tests/kit/*.py tests/kit/*/
	cd "$(LIBRARY)" && "$(CURDIR)/$(KIT_ENV)/bin/pylint" --jobs 2 mlservice

lock: $(READY) ## Pin anew what rendered services, this repository and its benchmark install
	cd templates/pins && $(COMPILE) dev.in --output-file "$(RENDERED)/dev.txt"
	cd templates/pins && $(COMPILE) --constraints "$(RENDERED)/dev.txt" train.in --output-file "$(RENDERED)/train.txt"
	for folder in templates/pins templates/image/requirements; do ( cd "$$folder" && \
		$(COMPILE) --constraints "$(RENDERED)/dev.txt" serve.in --output-file serve.txt ); done
	cd "$(CONVENTIONS)" && $(COMPILE) --constraints "$(RENDERED)/dev.txt" dev.in --output-file dev.txt
	cd tests/kit && $(COMPILE) --constraint "$(RENDERED)/dev.txt" requirements.in --output-file requirements.txt
	$(COMPILE) --group dev --output-file requirements.txt
	mkdir -p build && grep -E '^($(SAME))==' "$(RENDERED)/dev.txt" | sed 's/ \\$$//' > build/same.txt
	for peer in mlflow bentoml litserve; do ( cd benchmarks/serving/$$peer && \
		$(COMPILE) --constraints "$(CURDIR)/build/same.txt" requirements.in --output-file requirements.txt ); done
	cd benchmarks/tables && $(COMPILE) --no-deps requirements.in --output-file requirements.txt

docs: $(READY) ## Build the documentation under build/docs; a warning is an error
	sphinx-build --quiet --fail-on-warning --keep-going docs build/docs

pictures: $(KIT_READY) ## Write docs/pictures: page, report and summary of the default service, by headless Chromium
	$(KIT_ENV)/bin/python tools/pictures.py $(if $(PROJECT),--project "$(PROJECT)")

release: ## Check, commit and tag a version: release VERSION=1.2.0
	@python3 tools/release.py "$(VERSION)"

tags: ## Make the tags of all versions again, where a clone has lost them
	@python3 tools/release.py tags

clean: ## Remove what can be made again
	rm -rf build .venv .pytest_cache

$(READY):
	@python=$$(type -ap python3.1{2,3,4,1} python3 python | while read -r name; do \
		"$$name" -c 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11); \
			print(sys._base_executable)' 2>/dev/null && break; done) || true; [ -n "$$python" ] \
	|| { echo "install Python 3.11 or later, with venv" >&2; exit 1; }; \
	echo "setting up .venv with $$("$$python" --version)"; \
	rm -rf .venv && "$$python" -m venv .venv
	@python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	@uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements.txt
	@$(call MADE_FOR,.venv,$(PINS)) >$@

$(KIT_READY): $(READY)
	@uv venv --quiet --clear --python .venv/bin/python $(KIT_ENV)
	@uv pip sync --quiet --python $(KIT_ENV)/bin/python --require-hashes $(KIT_PINS)
	@$(call MADE_FOR,$(KIT_ENV),$(KIT_PINS)) >$@
