# SPDX-License-Identifier: ISC
# GNU make.  Everything built goes under $(O); the source tree stays clean.
#	make                 release build in build/release
#	make demo            the whole flow, served until Ctrl-C (ONCE=1: stop)
#	make check           unit, command, flow and lint tests
#	make VARIANT=asan check
#	make bench           what an enrolment costs, few and many certificates
#	make V=1             show commands
# make demo and make check first install what is missing (make deps).
MAKEFLAGS += -r
.SUFFIXES:

VERSION  := 0.1.0
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
DATADIR  ?= $(PREFIX)/share
MANDIR   ?= $(DATADIR)/man
DESTDIR  ?=
PKG_CONFIG ?= pkg-config
VARIANT  ?= release
O        ?= build/$(VARIANT)

COMMANDS := $(basename $(notdir $(filter-out cmd/main.c cmd/stages.c,$(wildcard cmd/*.c))))
program   = $(if $(filter scep_ca,$(1)),scep-ca,mcprofile-$(1))
BINS     := $(foreach c,$(COMMANDS),$(O)/bin/$(call program,$(c)))

PKGS     := libcrypto libplist-2.0 expat uuid sqlite3 jansson
ifeq ($(origin CC),default)
CC := gcc
endif
# Sanitized code is built once for each run: what compiles soonest is best, and
# a report needs lines only; gcc guesses at -O1, and warns rightly at -O2.
CFLAGS_asan := -O1 -g1 -Wno-format-truncation -Wno-maybe-uninitialized
CFLAGS_fuzz := -O1 -g1
CFLAGS   ?= $(or $(CFLAGS_$(VARIANT)),-O2 -g)
# -iquote, for <plist/plist.h> is libplist's and "plist/plist.h" is ours.
MC_CPPFLAGS = -iquote lib -iquote cmd -D_GNU_SOURCE \
	-DMC_VERSION='"$(VERSION)"' -DOPENSSL_API_COMPAT=30000 \
	-DOPENSSL_NO_DEPRECATED -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
	$(shell $(PKG_CONFIG) --cflags $(PKGS))
MC_CFLAGS := -std=c17 -fPIE -fstack-protector-strong -fno-common \
	-fvisibility=hidden -fno-strict-overflow -ffile-prefix-map=$(CURDIR)=. \
	-MMD -MP
MC_CFLAGS += -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wcast-qual -Wcast-align -Wpointer-arith -Wwrite-strings -Wundef \
	-Wvla -Wimplicit-fallthrough -Wswitch-enum -Wnull-dereference \
	-Wno-format-nonliteral
WERROR   ?= $(if $(filter asan,$(VARIANT)),,-Werror)
MC_LDFLAGS := -pie -Wl,-z,relro,-z,now -Wl,--as-needed
MC_LIBS   = $(shell $(PKG_CONFIG) --libs $(PKGS)) -lfcgi -lcurl -lm

VARIANT_release :=
VARIANT_asan := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -U_FORTIFY_SOURCE -DMC_SANITIZE
VARIANT_cov  := -O0 --coverage
VARIANT_analyze := -fanalyzer
VARIANT_fuzz := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -U_FORTIFY_SOURCE -DMC_SANITIZE
ifeq ($(origin VARIANT_$(VARIANT)),undefined)
$(error VARIANT=$(VARIANT): want release, asan, cov, analyze or fuzz)
endif
ifeq ($(VARIANT),fuzz)
CC := clang
endif
MC_CFLAGS += $(VARIANT_$(VARIANT))

LIB_SRC  := $(wildcard lib/*/*.c)
# The schema: the newest release's file, made a constant table by a program
# that runs here (HOSTCC), whatever the rest is built for.
HOSTCC   ?= cc
SCHEMA   ?= $(lastword $(sort $(wildcard share/schema/apple-*.schema)))
SCHEMA_SRC := share/schema/compile.c \
	$(patsubst %,lib/schema/%.c,attribute attribute_check attribute_on build change draft line parse pattern schema support) \
	lib/base/buf.c lib/base/err.c lib/base/fd.c lib/base/text.c
C_FILES   = $(wildcard share/schema/*.c lib/*/*.[ch] cmd/*.[ch] cmd/*/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch] tests/bench/*.c)
LIB_OBJ  := $(LIB_SRC:%.c=$(O)/%.o) $(O)/generated/schema.o $(O)/generated/recipes.o
# The recipes, compiled in as text.
RECIPES  := $(sort $(wildcard share/templates/*.recipe share/templates/*.part))
STAGE_OBJ := $(filter-out $(O)/cmd/cgi.o $(O)/cmd/device.o,$(COMMANDS:%=$(O)/cmd/%.o))
# What a command has in a folder of its name, beside cmd/NAME.c.
parts = $(patsubst %.c,$(O)/%.o,$(wildcard cmd/$(1)/*.c))
UNITS    := $(patsubst tests/unit/%.c,$(O)/tests/%,$(wildcard tests/unit/*.c))
FUZZERS  := $(patsubst tests/fuzz/%.c,%,$(filter-out tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c)))

# For a make below this one: as many jobs as the user said, or two.
JOBS := $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2)
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $@;)
compile = $(CC) $(MC_CPPFLAGS) $(CPPFLAGS) $(MC_CFLAGS) $(CFLAGS) $(WERROR)
compile_host = $(HOSTCC) -std=c17 -O1 $(filter -W%,$(MC_CFLAGS)) $(WERROR) -iquote lib -D_GNU_SOURCE
link = $(CC) $(MC_CFLAGS) $(CFLAGS) $(MC_LDFLAGS) $(LDFLAGS) -o $@ $(sort $(filter %.o,$^)) $(filter %.a,$^) $(MC_LIBS) $(LDLIBS)
# $(call stamp,TEXT): a file that changes when TEXT does, and only then.
stamp = @mkdir -p $(@D); echo '$(subst ','\'',$(1))' | cmp -s - $@ || echo '$(subst ','\'',$(1))' > $@

all: $(BINS)

# Rebuild when the flags or the list of sources change, not only when a source
# does: a module that is gone must not live on in the archive.
$(O)/flags: FORCE
	$(call stamp,$(compile))
$(O)/link: FORCE
	$(call stamp,$(MC_LDFLAGS) $(LDFLAGS) $(MC_LIBS) $(LDLIBS))
$(O)/modules: FORCE
	$(call stamp,$(LIB_OBJ))
$(BINS): $(O)/link

# Where the default routes and pages are is for one file to know, so that
# make install with another PREFIX builds only that again.
$(O)/cmd/cgi/site.o: MC_CPPFLAGS += -DMC_DATADIR='"$(DATADIR)/mcprofile"'
$(O)/cmd/cgi/site.o: $(O)/datadir
$(O)/datadir: FORCE
	$(call stamp,$(DATADIR))

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(compile) -c -o $@ $<

$(O)/generated/recipes.c: share/templates/embed $(RECIPES) $(O)/recipes
	@mkdir -p $(@D)
	$(call say,GEN)share/templates/embed $(RECIPES) > $@.tmp && mv $@.tmp $@
$(O)/recipes: FORCE
	$(call stamp,$(RECIPES))

$(O)/generated/schema.c: $(O)/schema-compile $(SCHEMA) share/schema/overrides.schema $(O)/schema
	@mkdir -p $(@D)
	$(call say,GEN)$(O)/schema-compile $(SCHEMA) share/schema/overrides.schema > $@.tmp && mv $@.tmp $@
$(O)/schema: FORCE
	$(call stamp,$(SCHEMA))

$(O)/generated/%.o: $(O)/generated/%.c $(O)/flags
	$(call say,CC)$(compile) -c -o $@ $<

$(O)/main/%.o: cmd/main.c $(O)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(compile) -DMC_STAGE=mc_stage_$* -c -o $@ $<

$(O)/schema-compile: $(SCHEMA_SRC) $(wildcard lib/schema/*.h lib/base/*.h) lib/plist/plist.h $(O)/host
	@mkdir -p $(@D)
	$(call say,HOST)$(compile_host) -o $@ $(SCHEMA_SRC)
$(O)/host: FORCE
	$(call stamp,$(compile_host))

$(O)/libmcprofile.a: $(LIB_OBJ) $(O)/modules
	$(call say,AR)rm -f $@; $(AR) crD $@ $(LIB_OBJ)

.SECONDEXPANSION:
# The driver holds every stage.
$(O)/bin/mcprofile-cgi: $(O)/cmd/stages.o $(STAGE_OBJ) $(foreach c,$(COMMANDS),$(call parts,$(c)))
$(O)/bin/scep-ca: $(O)/main/scep_ca.o $(O)/cmd/scep_ca.o $(call parts,scep_ca) $(O)/libmcprofile.a
	@mkdir -p $(@D)
	$(call say,LD)$(link)

# An answer's signer is judged as mcprofile-verify does.
$(O)/bin/mcprofile-encrypt: $(call parts,verify)

$(O)/bin/mcprofile-%: $(O)/main/%.o $(O)/cmd/%.o $$(call parts,$$*) $(O)/libmcprofile.a
	@mkdir -p $(@D)
	$(call say,LD)$(link)

$(O)/tests/%: $(O)/tests/unit/%.o $(O)/libmcprofile.a
	@mkdir -p $(@D)
	$(call say,LD)$(link)

# libFuzzer programs (make fuzz), and the same targets replaying their corpus.
$(O)/fuzz/%: $(O)/tests/fuzz/%.o $(O)/libmcprofile.a
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(MC_CFLAGS) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(MC_LIBS) $(LDLIBS)

$(O)/replay/%: $(O)/tests/fuzz/%.o $(O)/tests/fuzz/replay.o $(O)/libmcprofile.a
	@mkdir -p $(@D)
	$(call say,LD)$(link)

# Figures for people; never a test.
BENCHES := $(patsubst tests/bench/%.c,$(O)/bench/%,$(wildcard tests/bench/*.c))
$(O)/bench/%: $(O)/tests/bench/%.o $(O)/libmcprofile.a
	@mkdir -p $(@D)
	$(call say,LD)$(link)
bench: $(BINS) $(BENCHES)
	$(Q)tests/bench/enrol $(O)
	$(Q)tests/bench/lint $(O)

FUZZ_SECONDS ?= 60
fuzz:
	$(Q).ci/deps build ci
	+$(Q)$(MAKE) --no-print-directory $(JOBS) VARIANT=fuzz fuzz-run
fuzz-build: $(FUZZERS:%=$(O)/fuzz/%)
fuzz-run: fuzz-build
	$(Q)printf '%s\n' $(FUZZERS) | xargs -P "$$(nproc)" -I % tests/fuzz/run $(O) % $(FUZZ_SECONDS) $(FUZZ_SEED)

# Two commands do all the set-up: each installs what is missing first, then
# starts make again, since what the compiler needs is only known afterwards.
REPLAYS := $(FUZZERS:%=$(O)/replay/%)
deps:
	$(Q).ci/deps build demo check
check:
	$(Q).ci/deps build demo check
	+$(Q)$(MAKE) --no-print-directory $(JOBS) check-build
	+$(Q)$(MAKE) --no-print-directory check-run
check-build: $(BINS) $(UNITS) $(REPLAYS)
check-run: check-build
	$(Q)UNITS="$(UNITS)" REPLAYS="$(REPLAYS)" tests/run $(O) $(TESTS)

demo:
	$(Q).ci/deps build demo
	+$(Q)$(MAKE) --no-print-directory $(JOBS) all
	$(Q)PATH="$(abspath $(O)/bin):$$PATH" ONCE="$(ONCE)" examples/demo/run build/demo

install: all
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(DATADIR)/mcprofile"
	install -m 755 $(BINS) "$(DESTDIR)$(BINDIR)"
	cp -R share/routes share/htdocs share/device-ca "$(DESTDIR)$(DATADIR)/mcprofile"
	install -d "$(DESTDIR)$(DATADIR)/mcprofile/templates"
	install -m 644 $(RECIPES) "$(DESTDIR)$(DATADIR)/mcprofile/templates"
	install -d "$(DESTDIR)$(DATADIR)/mcprofile/schema"
	cp share/schema/*.schema "$(DESTDIR)$(DATADIR)/mcprofile/schema"
	install -m 755 examples/checkpassword/htpasswd "$(DESTDIR)$(DATADIR)/mcprofile/checkpassword-htpasswd"
	chmod -R u=rwX,go=rX "$(DESTDIR)$(DATADIR)/mcprofile"
	for s in 1 5 7 8; do install -d "$(DESTDIR)$(MANDIR)/man$$s" && \
		install -m 644 man/*.$$s "$(DESTDIR)$(MANDIR)/man$$s" || exit 1; done
	install -D -m 644 share/completions/mcprofile.bash "$(DESTDIR)$(DATADIR)/bash-completion/completions/mcprofile"
	for c in $(notdir $(BINS)); do \
		ln -sf mcprofile "$(DESTDIR)$(DATADIR)/bash-completion/completions/$$c" || exit 1; done

# The analyzer gives a function up after so many steps (its own bound is 225000):
# what it finds here it finds early, and the few large functions cost most.
TIDY_STEPS ?= 40000
TIDY_SRC := $(LIB_SRC) $(wildcard cmd/*.c cmd/*/*.c)
tidy:
	$(Q)ls -S $(TIDY_SRC) | xargs -P "$$(nproc)" -n 4 sh -c \
		'clang-tidy --quiet "$$@" -- $(subst ','\'',$(MC_CPPFLAGS)) -DMC_DATADIR=\"\" -std=c17 -DMC_STAGE=mc_stage_sign \
		-Xclang -analyzer-config -Xclang max-nodes=$(TIDY_STEPS)' tidy

format:
	clang-format -i $(C_FILES)

format-check:
	clang-format --dry-run -Werror $(C_FILES)

clean:
	rm -rf build

FORCE:
.PHONY: all deps bench check check-build check-run demo install fuzz fuzz-build \
	fuzz-run tidy format format-check clean FORCE
.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)
