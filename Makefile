# Everything that a person or CI does with this repository. On a fresh Debian: `make demo`, `make check`.
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

.PHONY: all help deps deps-build deps-demo deps-check deps-lint deps-bench deps-model
all: extension gateway  ## builds the extension, the gateway and the handlers of the demo

help:  ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 18

deps:  ## installs what is missing for all targets (test/support/packages.txt, test/clients)
	@test/support/deps.sh all

deps-build: ; @test/support/deps.sh build
deps-demo: ; @test/support/deps.sh build server clients
deps-check: ; @test/support/deps.sh build server clients check
deps-lint: ; @test/support/deps.sh build check lint
deps-bench: ; @test/support/deps.sh build server clients check bench
deps-model: ; @test/support/deps.sh model

# Compiles targets of CMake with a line of progress. The programs of the tests are configured once their libraries are wanted.
BUILD_TARGETS = test/support/build.sh $(BUILD) $(JOBS)

.PHONY: extension gateway programs install
extension: deps-build
	@$(BUILD_TARGETS) extension

gateway: deps-build
	@$(BUILD_TARGETS) threefactor-gateway food-ordering-handlers

programs: deps-check  # all of it: also the unit tests, golden-tests and graphql-validate
	@TESTS=ON $(BUILD_TARGETS) all

install: deps-build  ## the extension into the system's Postgres, the gateway into PREFIX; DESTDIR=
	@$(BUILD_TARGETS) extension threefactor-gateway
	cmake --install $(BUILD) --component extension
	cmake --install $(BUILD) --prefix $(PREFIX) --component gateway

.PHONY: demo up down destroy dev
demo: up  ## starts everything and sends an order through its whole workflow
	@test/support/node.sh test/clients/demo.mjs

up: deps-demo all  ## private cluster, gateway and handlers in the background; writes var/env
	@test/support/instance.sh up

down:  ## stops what `make up` started
	@test/support/instance.sh down

destroy:  ## stops it and removes its data
	@test/support/instance.sh destroy

dev: up  ## watches the sources, builds, and restarts what changed
	@test/support/node.sh test/support/dev.mjs

.PHONY: check check-unit check-validation check-golden check-sql check-isolation check-e2e check-fresh asan verify
check:  ## all tests
	@test/support/check.sh

verify:  ## before a change is called done: check, lint, the tests under the sanitizers, a minute of each fuzzer
	@test/support/check.sh verify

check-unit: programs  ## of the pure code (Catch2): ONLY="[tag]" or the name of a test, with * for any text
	$(BUILD)/unit-tests $(if $(ONLY),"$(ONLY)")

check-validation: programs  ## of the rules of GraphQL validation, against graphql-js (test/validate): SEED=
	test/support/node.sh --test --test-reporter=spec test/validate/*.test.mjs

check-golden: extension programs  ## GraphQL in, SQL and JSON beside it (test/golden): ONLY="CASE ..."
	test/support/with_cluster.sh build/check/golden/cluster $(BUILD)/golden-tests test/golden $(ONLY)

check-sql: deps-check extension  ## inside the server (pg_regress): ONLY="TEST ..."
	test/support/regress.sh sql $(ONLY)

check-isolation: deps-check extension  ## races inside the server (isolation tester): ONLY="SPEC ..."
	test/support/regress.sh isolation $(ONLY)

check-e2e: deps-check all  ## of the whole system, with real clients and with kills: ONLY="FILE ...", as in ONLY=order
	test/support/e2e.sh $(ONLY)

check-fresh:  ## `make demo` and `make check` from a clean clone in a bare Debian (as root): RELEASE=bookworm, COMMAND=
	@FRESH_RELEASE=$(or $(RELEASE),bookworm) test/support/check_fresh.sh $(if $(COMMAND),'$(COMMAND)')

asan: programs extension  ## tests with AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer: STAGES="unit sql isolation e2e"
	@BUILD=$(BUILD) test/support/asan.sh $(STAGES)

.PHONY: fuzz
fuzz: deps-lint  ## feeds every reader of foreign bytes with what libFuzzer makes up (test/fuzz): SECONDS=60, TARGETS="http ..."
	@FUZZ_SECONDS=$(or $(SECONDS),60) TARGETS='$(TARGETS)' test/fuzz/run.sh

.PHONY: model
model: deps-model  ## verifies the model of delivery with Spin (extension/delivery/model)
	@extension/delivery/model/check.sh

.PHONY: soak
soak: deps-check all  ## a ledger of events under kills and other faults (test/soak), and random operations against SQL (test/differential, test/rights_oracle): SECONDS=, SEED=, ONLY=fault|differential|rights
ifeq ($(filter differential rights,$(ONLY)),)
	@test/support/node.sh test/soak/main.mjs --seconds=$(or $(SECONDS),600) --seed=$(SEED) --only='$(ONLY)'
endif
ifneq ($(filter differential,$(or $(ONLY),differential)),)
	@DIFFERENTIAL_SECONDS=$(or $(SECONDS),3600) SEED=$(SEED) test/support/e2e.sh test/e2e/differential.test.mjs
endif
ifneq ($(filter rights,$(or $(ONLY),rights)),)
	@ORACLE_SECONDS=$(or $(SECONDS),3600) SEED=$(SEED) test/support/e2e.sh test/e2e/rights_oracle.test.mjs
endif

.PHONY: mutants
mutants: deps-check extension  ## proves that the soak can fail (test/mutants): NAMES=, ROUNDS=3, SEED=
	@test/mutants/run.sh $(NAMES)

.PHONY: bench
bench: deps-bench all  ## speed against limits and peers (test/bench): BENCH=DIR, REPS=5, SECS=2, ONLY="capture delivery ..."
	@test/bench/run.sh $(ONLY)

.PHONY: conformance
conformance: deps-check all  ## replays the cases of CONFORMANCE=DIRECTORY and prints how many answer as stated (test/CONFORMANCE.md)
	test/support/conformance.sh $(CONFORMANCE) $(CONFORMANCE_OPTIONS)

.PHONY: format check-format lint
format: deps-lint  ## clang-format
	clang-format -i $(SOURCES)

# Each version formats a little differently: Debian 12's is the one that counts.
check-format: deps-lint
	@case $$(clang-format --version) in \
	  *' version 14.'*) clang-format --dry-run --Werror $(SOURCES) ;; \
	  *) echo "left out: the sources are formatted as clang-format 14 does it, not $$(clang-format --version)" ;; \
	esac

# The compile database of every unit, for clang-tidy and clangd (.clangd): without what only speeds gcc up.
DATABASE = build/database
.PHONY: database
database: deps-lint
	@cmake -S . -G Ninja -Wno-dev -B $(DATABASE) -DTHREEFACTOR_UNITY=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON > /dev/null

lint: database  ## clang-tidy over gateway, handlers and extension: FILES=regex, from the root
	run-clang-tidy -quiet -j$(JOBS) -p $(DATABASE) '^$(CURDIR)/$(or $(FILES),(gateway|handlers|extension)/)'
