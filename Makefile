# Everything that a person or CI does with this repository. On a fresh Debian 12: `make demo`, `make check`.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := all
SHELL := /bin/bash

# Options, as in `make up GATEWAY_PORT=9090`.
export GATEWAY_PORT ?= 8080
export HANDLERS_PORT ?= 8081
export DATABASE_PORT ?= 5433
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
BUILD ?= build

SOURCES = $(shell find gateway extension handlers test -path '*/node_modules' -prune -o -name '*.[ch]pp' -print)
CMAKE = cmake -S . -G Ninja -Wno-dev

.PHONY: all deps help
all: deps extension gateway  ## builds everything

deps:  ## installs what is missing (test/support/packages.txt, test/clients)
	@test/support/deps.sh

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 18

.PHONY: extension gateway install
extension: deps
	@$(MAKE) -s -j$(JOBS) -C extension

gateway: deps  # and the handlers, and the unit tests
	@test -f $(BUILD)/build.ninja || $(CMAKE) -B $(BUILD) > /dev/null
	@ninja -C $(BUILD) -j$(JOBS) --quiet

install: all  ## the extension into the system's Postgres, the gateway into PREFIX
	$(MAKE) -C extension install
	cmake --install $(BUILD) --prefix $(PREFIX)

.PHONY: demo up down destroy dev
demo: up  ## starts everything and sends an order through its whole workflow
	@test/support/node.sh test/clients/demo.mjs

up: all  ## private cluster, gateway and handlers in the background; writes var/env
	@test/support/instance.sh up

down:  ## stops what `make up` started
	@test/support/instance.sh down

destroy:  ## stops it and removes its data
	@test/support/instance.sh destroy

dev: up  ## watches the sources, builds, and restarts what changed
	@test/support/node.sh test/support/dev.mjs

.PHONY: check check-unit check-validation check-golden check-sql check-isolation check-e2e check-fresh asan
check:  ## all tests
	@test/support/check.sh

check-unit: gateway  ## of the pure code (Catch2)
	$(BUILD)/unit-tests

check-validation: gateway  ## of the rules of GraphQL validation, against graphql-js (test/validate): SEED=
	test/support/node.sh --test --test-reporter=spec test/validate/*.test.mjs

check-golden: all  ## GraphQL in, SQL and JSON beside it (test/golden)
	test/support/with_cluster.sh build/check/golden/cluster $(BUILD)/golden-tests test/golden

check-sql: extension  ## inside the server (pg_regress)
	test/support/regress.sh sql

check-isolation: extension  ## races inside the server (isolation tester)
	test/support/regress.sh isolation

check-e2e: all  ## of the whole system, with real clients and with kills
	test/support/e2e.sh

check-fresh:  ## `make demo` and `make check` from a clean clone in a bare Debian (as root)
	test/support/check_fresh.sh

asan: all  ## tests with AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer: STAGES="unit sql isolation e2e"
	@BUILD=$(BUILD) test/support/asan.sh $(STAGES)

.PHONY: fuzz
fuzz: deps  ## feeds every reader of foreign bytes with what libFuzzer makes up (test/fuzz): SECONDS=60, TARGETS="http ..."
	@FUZZ_SECONDS=$(or $(SECONDS),60) TARGETS='$(TARGETS)' test/fuzz/run.sh

.PHONY: model
model: deps  ## verifies the model of delivery with Spin (extension/delivery/model)
	@extension/delivery/model/check.sh

.PHONY: soak
soak: all  ## a ledger of events under kills and other faults (test/soak), and random operations against SQL (test/differential): SECONDS=, SEED=, ONLY=fault|differential
ifneq ($(ONLY),differential)
	@test/support/node.sh test/soak/main.mjs --seconds=$(or $(SECONDS),600) --seed=$(SEED) --only='$(ONLY)'
endif
ifneq ($(filter differential,$(or $(ONLY),differential)),)
	@DIFFERENTIAL_SECONDS=$(or $(SECONDS),3600) SEED=$(SEED) test/support/e2e.sh test/e2e/differential.test.mjs
endif

.PHONY: mutants
mutants: extension  ## proves that the soak can fail (test/mutants): NAMES=, ROUNDS=3, SEED=
	@test/mutants/run.sh $(NAMES)

.PHONY: bench
bench: all  ## speed against limits and peers (test/bench): BENCH=DIR, REPS=5, SECS=2, ONLY="capture delivery ..."
	@test/bench/run.sh $(ONLY)

.PHONY: conformance
conformance: all  ## replays the cases of CONFORMANCE=DIRECTORY and prints how many answer as stated (test/CONFORMANCE.md)
	test/support/conformance.sh $(CONFORMANCE) $(CONFORMANCE_OPTIONS)

.PHONY: format check-format lint
format: deps  ## clang-format
	clang-format -i $(SOURCES)

check-format: deps
	@clang-format --dry-run --Werror $(SOURCES)

lint: gateway  ## clang-tidy over what cmake builds of gateway, handlers and extension: FILES=regex, from the root
	run-clang-tidy -quiet -j$(JOBS) -p $(BUILD) '^$(CURDIR)/$(or $(FILES),(gateway|handlers|extension)/)'
