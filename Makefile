# What people do here; `make help` lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DATA := var
DJADE := $(BIN)/djade --target-version 5.2
TEMPLATES = $(shell find templates docs -name '*.html' -not -path 'templates/public/*')  # Django's
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test check bench format messages guide lock clean

help: ## list these
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(DATA)/.assets .env ## start the site with the sample releases on http://127.0.0.1:8000
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_samples
	@$(BIN)/python manage.py demo_account
	@exec $(BIN)/gunicorn --config iomnews/gunicorn.conf.py

test: $(VENV)/.tools $(DATA)/.messages ## run every test, on SQLite and on PostgreSQL, there in Chromium as well; ARGS=tests/test_feeds.py for some
	@tests/prepare chromium
	@tests/prepare nginx
	@tests/prepare redis
	@tests/prepare age
	@echo "== SQLite"
	@$(BIN)/pytest --numprocesses auto --deselect tests/browser $(ARGS) || [ $$? -eq 5 ] # 5: ARGS name none of these
	@echo "== PostgreSQL, and Chromium"
	@tests/with_postgresql $(BIN)/pytest --numprocesses auto $(ARGS)

check: $(VENV)/.tools $(DATA)/.messages ## format, lint, templates, migrations, translations, deployment, known faults
	@tests/prepare gettext
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(DJADE) --check $(TEMPLATES)
	$(BIN)/python -m tests.check_translations
	$(BIN)/python -m tests.check_deployment
	@# Its log, which is left out, speaks of comments that stand within longer statements.
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml iomnews contacts releases manage.py 2>/dev/null
	$(BIN)/python -m tests.check_dependencies

bench: $(VENV)/.tools $(DATA)/.messages ## measure how fast it is, for docs/performance.md; ARGS=--quick to try, KEEP=folder for what it measures on
	@tests/prepare wrk
	@tests/prepare nginx
	@tests/with_postgresql $(BIN)/python -m benchmarks $(ARGS)

format: $(VENV)/.tools ## put the code into its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(DJADE) $(TEMPLATES) || $(DJADE) --check $(TEMPLATES)

messages: $(VENV)/.tools ## bring the catalogues in locale/ up to date with the code
	@tests/prepare gettext
	@$(BIN)/python -m tests.check_translations --update

guide: $(VENV)/.tools $(DATA)/.messages ## take the pictures of docs/guide anew
	@tests/prepare chromium
	@$(BIN)/pytest tests/browser/take_guide_pictures.py

lock: $(VENV)/.tools ## pin the dependencies of pyproject.toml in requirements.txt
	@$(BIN)/pip install --quiet uv
	@{ echo '# Made by `make lock` from pyproject.toml.'; \
	  $(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes \
	    --no-annotate --no-header pyproject.toml; } > requirements.new
	@mv requirements.new requirements.txt

clean: ## remove what the other targets made, but for the database
	rm -rf $(VENV) $(DATA)/static $(DATA)/.assets $(DATA)/.messages

# What the targets stand on; each is made again only when what it is made of has changed.

$(VENV)/.packages: requirements.txt
	@echo "Installing packages …"
	@$(PYTHON) -m venv $(VENV) || { tests/prepare venv && $(PYTHON) -m venv $(VENV); }
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements.txt
	@touch $@

$(VENV)/.tools: pyproject.toml $(VENV)/.packages
	@echo "Installing development packages …"
	@$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/pip install --quiet --group dev
	@touch $@

$(DATA)/.messages: $(VENV)/.packages $(wildcard locale/*/LC_MESSAGES/*.po)
	@mkdir -p $(DATA)
	@$(BIN)/pybabel --quiet compile --domain django --directory locale
	@touch $@

$(DATA)/.assets: $(DATA)/.messages .env $(shell find static docs/guide/pictures -type f)
	@echo "Collecting static files …"
	@$(BIN)/python manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@

.env: | $(VENV)/.packages
	@$(BIN)/python -c 'import secrets; print(f"# The demo that make run serves. See .env.example.\nDEMO=on\nSECRET_KEY=demo-{secrets.token_urlsafe(50)}")' > $@
