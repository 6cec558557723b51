# `make demo` and `make test` need Swift 6.3 and this: apt-get update && apt-get install -y make git ca-certificates
# Everything else that they need they install, as root or through sudo.

PREFIX ?= /usr/local
SWIFT  ?= swift
# One file that needs no library of the machine: 40 % less start-up time than with the C and C++ libraries to load, and a
# quarter less memory for a small profile. (The linker warns of dlopen and getpwnam in Foundation; neither is called.)
RELEASE = -c release -Xswiftc -static-executable
BIN     = .build/release/pprofconv
LIBS    = zlib1g-dev libdeflate-dev nettle-dev libre2-dev
# (A package with a ? is done without where there is none of that name: Ubuntu's Chromium is a snap. Tests that need it are
# shown as skipped then.)
TESTS   = $(LIBS) libprotobuf-c-dev protobuf-c-compiler python3-venv chromium? fonts-dejavu-core parallel libxml2-utils graphviz valgrind

.PHONY: demo build install test lint bench fuzz swift clean

demo: build
	@.ci/demo $(BIN)

build: swift
	@.ci/need $(LIBS)
	$(SWIFT) build $(RELEASE) --product pprofconv

# What is built already is not built again: `sudo make install` has no Swift, often, and should leave no files of root's here.
$(BIN):
	$(MAKE) build

install: $(BIN)
	install -Dm755 $(BIN) $(DESTDIR)$(PREFIX)/bin/pprofconv
	install -Dm644 Sources/pprofconv/Documentation/pprofconv.1 $(DESTDIR)$(PREFIX)/share/man/man1/pprofconv.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BIN) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pprofconv
	$(BIN) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pprofconv
	$(BIN) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pprofconv.fish

# Warnings are errors here (Package.swift looks at PPROFCONV_STRICT), and a lint finding is one too.
test: export PPROFCONV_STRICT = 1
test: lint
	@.ci/need $(TESTS)
	@.ci/pprof
	@.ci/checkers
# The tests try the release, too: as it is built for everybody, so that `make demo` before has built it already.
	env -u PPROFCONV_STRICT $(MAKE) build
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

swift:
	@command -v $(SWIFT) > /dev/null || { echo 'Swift 6.3 is needed, and `$(SWIFT)` is not there: https://www.swift.org/install' >&2; exit 1; }

lint: swift
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

bench: build
	@.ci/need $(TESTS)
	@.ci/pprof
	Tests/Benchmarks/run
	Tests/Benchmarks/batch

# FUZZ_SECONDS a format (600), one after another: every reader of the catalogue against libFuzzer.
fuzz:
	@.ci/need $(LIBS)
	Tests/Fuzzing/run

clean:
	rm -rf .build
