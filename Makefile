# Builds Krait. No configure step; everything generated lives under build/.
#
#   make                 build build/krait          make run    install what is missing, build, show a tour
#   make test            install what is missing, build, run every test
#   make conformance     CPython's own test suite   make bench  side by side with CPython and PyPy
#   make fuzz            hostile source files       make check  include direction and file lengths
#   make fuzz-programs   random programs, compared with CPython
#   make fuzz-finalizers random programs that let go of objects
#   make test-threads    every operation against every other, two threads on one object
#   make sample-threads  two minutes of that, in three builds
#   make bench-threads   what two threads do in the time of one
#   make profile         count again what the optimiser goes by (tools/profile.txt)
#   make bench-check     instruction counts against the figures checked in
#
# VARIANT=dev|release|debug|asan|tsan|stress|profile|unthreaded chooses how; each has its own build/VARIANT/.
# Sources are found, not listed: src/**/*.c is the program, tests/c/**/*.c are test programs, one each.
# tools/generate/NAME.py prints build/gen/NAME (NAME ends in .h or .c).

# As many jobs as there are processors, unless it was said how many.
ifeq (,$(findstring -j,$(MAKEFLAGS)))
MAKEFLAGS += -j$(shell nproc)
endif

# Users get the release build, as build/krait; what tests is by default the one with assertions.
VARIANT ?= $(if $(filter test c-tests conformance fuzz fuzz-programs fuzz-finalizers test-threads,$(MAKECMDGOALS)),dev,release)
export VARIANT
DEFAULT_VARIANT = release

flags_dev     = -O1 -g -fno-omit-frame-pointer
# Without relocations a process starts with less to do and less to hold.
flags_release = -O3 -g1 -DNDEBUG -flto=thin -fno-pie
flags_profile = -O3 -g1 -DNDEBUG -fno-pie -fprofile-generate
# The program is linked twice (see stage1): what the optimiser made of a file the first time serves again. Functions that most
# programs use stand together (tools/order), under names that do not change with each edit.
link_release  = -no-pie -Wl,--thinlto-cache-dir=build/release/lto -Wl,-mllvm,-use-source-filename-for-promoted-locals \
                -Wl,--symbol-ordering-file=tools/functions.order -Wl,--no-warn-symbol-ordering -Wl,-O0
# Paths that are never taken stand apart, and what is hot is not inlined without end: both would scatter what a start touches.
link_profiled = -Wl,-mllvm,-split-machine-functions -Wl,-mllvm,-hot-callsite-threshold=250 -Wl,-mllvm,-import-hot-multiplier=3
link_release += $(if $(profile),$(link_profiled))
link_unthreaded = -no-pie -Wl,--thinlto-cache-dir=build/unthreaded/lto
link_profile  = -no-pie
flags_debug   = -O0 -g -DKRAIT_DEBUG
flags_asan    = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fsanitize-recover=undefined \
                -fsanitize-address-use-after-return=never
flags_tsan    = -O1 -g -fno-omit-frame-pointer -fsanitize=thread
# For measuring what one thread pays for the machinery of many: docs/concurrency.md.
flags_unthreaded = $(flags_release) -DKRAIT_UNTHREADED
flags_stress  = -O1 -g -fno-omit-frame-pointer -DKRAIT_STRESS
# What `make profile` counted steers the release build; `make PROFILE=` builds without.
PROFILE ?= tools/profile.txt
profile := $(if $(filter release unthreaded,$(VARIANT)),$(PROFILE:%=build/gen/profile.profdata))
profiled = $(if $(profile),-fprofile-use=$(profile) -Wno-profile-instr-unprofiled -Wno-profile-instr-out-of-date -Wno-backend-plugin -mllvm -hot-callsite-threshold=250 -Wno-unused-command-line-argument)
flags_release += $(profiled)
ifndef flags_$(VARIANT)
$(error unknown VARIANT '$(VARIANT)')
endif

OUT    := build/$(VARIANT)
CCACHE := $(shell command -v ccache)
CC      = $(CCACHE) clang-19
CFLAGS  = -std=c23 -Isrc -Ibuild/gen -Ibuild/mpdecimal -D_GNU_SOURCE -pthread -fno-strict-aliasing -ffp-contract=off \
          -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers $(flags_$(VARIANT)) $(EXTRA_CFLAGS)
# The stress variant's own malloc: src/base/stress.h.
link_stress   = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
# Shown to others are the functions that ctypes.pythonapi finds, no more: the table of names is in the way of each start.
LDFLAGS = -fuse-ld=lld -Wl,--export-dynamic-symbol='Py*' -Wl,--export-dynamic-symbol='_Py*' -pthread -static-libgcc $(flags_$(VARIANT)) $(link_$(VARIANT))
# Linked into the program: a library that is loaded costs every start, whether its module is imported or not.
static_libraries = expat ssl crypto uuid gmp z bz2 lzma ffi zstd sqlite3
# libmpdec is unpacked, not installed: tools/bootstrap.
# Where ncurses waits it calls the program, which lets its lock go meanwhile: src/modules/_curses/library.c.
curses_libraries = build/curses/libpanelw.a build/curses/libncursesw.a build/curses/libtinfo.a
# Their symbols are hidden, by name: a sanitizer's own library must show its malloc to the C library.
LDLIBS  = $(static_libraries:%=-Wl,--exclude-libs,lib%.a) -Wl,--exclude-libs,libmpdec.a build/mpdecimal/libmpdec.a \
          $(curses_libraries:build/curses/%=-Wl,--exclude-libs,%) $(curses_libraries) -Wl,-Bstatic $(static_libraries:%=-l%) -Wl,-Bdynamic -lpthread -ldl

# What every start uses stands first, since the constants of files lie in the order of files.
started    := $(addprefix src/,object types base heap vm compile syntax os cli) \
              $(addprefix src/modules/,builtins sys io posix time _thread marshal _abc.c _codecs.c _contextvars.c _imp.c _signal.c _warnings.c _weakref.c errno.c frozen.c import.c)
sources    := $(foreach place,$(started),$(sort $(shell find $(place) -name '*.c' 2>/dev/null)))
sources    += $(filter-out $(sources),$(sort $(shell find src -name '*.c' 2>/dev/null)))
generated  := $(patsubst tools/generate/%.py,build/gen/%,$(shell find tools/generate -name '*.[ch].py' 2>/dev/null))
objects    := $(sources:%.c=$(OUT)/%.o) $(patsubst build/gen/%.c,$(OUT)/gen/%.o,$(filter %.c,$(generated)))
test_files := $(shell find tests/c -name '*.c' 2>/dev/null)
test_programs := $(test_files:%.c=$(OUT)/%)

.PHONY: all run test test-threads sample-threads conformance bench bench-check bench-threads profile fuzz fuzz-programs fuzz-finalizers fuzz-allocations check bootstrap clean c-tests
.DELETE_ON_ERROR:
.SECONDARY:
all: $(OUT)/krait $(if $(filter $(VARIANT),$(DEFAULT_VARIANT)),build/krait)

# A link, so that both names find the library at ../lib of the real file.
build/krait: build/$(DEFAULT_VARIANT)/krait
	@ln -sfn $(DEFAULT_VARIANT)/krait $@

# A first krait compiles the modules that are frozen into the second: see tools/freeze.py.
$(OUT)/krait-stage1: $(objects) $(curses_libraries) | build/lib/krait
	@echo "link $@"; $(CC) $(LDFLAGS) -o $@ $(objects) $(LDLIBS)

# `move` is a function of the compiler.
build/curses/lib%.a: Makefile
	@mkdir -p $(@D); echo "generate $@"
	@llvm-objcopy-19 --redefine-sym read=curses_read --redefine-sym poll=curses_poll --redefine-sym nanosleep=curses_nanosleep \
	  --redefine-sym move=curses_move $$(clang-19 -print-file-name=lib$*.a) $@

$(OUT)/gen/frozen.c: $(OUT)/krait-stage1 tools/freeze.py
	@mkdir -p $(@D); echo "generate $@"
	@$< -I -S tools/freeze.py > $@

$(OUT)/gen/frozen.o: $(OUT)/gen/frozen.c Makefile
	@echo "cc $<"; $(CC) $(CFLAGS) -c -o $@ $<

# Its functions have names that the compiler knows: it must not take them for its own, now or when it links.
$(OUT)/src/os/posix/math_library.o: CFLAGS += -fno-builtin -fno-lto

# Handlers are not: a profile would put those that often follow one another into one, with a stack frame for both.
$(filter $(OUT)/src/vm/interpret%.o,$(objects)): profiled =

$(OUT)/krait: $(objects) $(OUT)/gen/frozen.o tools/functions.order
	@echo "link $@"; $(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LDLIBS)

build/lib/krait:
	@mkdir -p build/lib && ln -sfn ../../lib/krait $@

$(OUT)/%.o: %.c Makefile $(profile) | $(filter %.h,$(generated))
	@mkdir -p $(@D); echo "cc $<"
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/gen/%.o: build/gen/%.c Makefile $(profile) | $(filter %.h,$(generated))
	@mkdir -p $(@D); echo "cc $<"
	@$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

build/gen/profile.profdata: $(PROFILE)
	@mkdir -p $(@D); echo "generate $@"
	@llvm-profdata-19 merge -o $@ $<

# Generators run on the reference interpreter: they may ask its unicodedata and library.
build/gen/%: tools/generate/%.py
	@mkdir -p $(@D); echo "generate $@"
	@build/reference/bin/python3.14 $< > $@

$(OUT)/tests/c/%: $(OUT)/tests/c/%.o $(filter-out $(OUT)/src/cli/main.o,$(objects)) | $(curses_libraries)
	@echo "link $@"
	@$(CC) $(LDFLAGS) -rdynamic -o $@ $^ $(LDLIBS)

c-tests: $(test_programs)

bootstrap:
	@tools/bootstrap

run: bootstrap
	@$(MAKE) --no-print-directory all
	@$(OUT)/krait examples/tour.py

test: bootstrap
	@$(if $(filter dev,$(VARIANT)),$(MAKE) --no-print-directory all VARIANT=release)
	@$(MAKE) --no-print-directory all c-tests
	@build/reference/bin/python3.14 tests/run.py --variant $(VARIANT) $(TEST_ARGS)

conformance: bootstrap
	@$(MAKE) --no-print-directory all
	@build/reference/bin/python3.14 tools/conformance --krait $(OUT)/krait $(CONFORMANCE_ARGS)

bench: bootstrap
	@$(MAKE) --no-print-directory all VARIANT=release
	@build/reference/bin/python3.14 tools/bench --krait build/release/krait $(BENCH_ARGS)

test-threads: bootstrap
	@$(MAKE) --no-print-directory all
	@build/reference/bin/python3.14 tests/threads/run.py --variant $(VARIANT) $(THREADS_ARGS)

# A part of test-threads for CI: in the plain build, with forced yields, under ThreadSanitizer. Ends with one
# count line.
sample-threads: bootstrap
	@$(MAKE) --no-print-directory all VARIANT=dev
	@$(MAKE) --no-print-directory all VARIANT=stress
	@$(MAKE) --no-print-directory all VARIANT=tsan
	@build/reference/bin/python3.14 tests/threads/sample.py $(THREADS_ARGS)

bench-threads: bootstrap
	@$(MAKE) --no-print-directory all VARIANT=release
	@build/reference/bin/python3.14 bench/threads/run.py $(BENCH_ARGS)
	@build/release/krait bench/threads/pauses.py

bench-check: bootstrap
	@$(MAKE) --no-print-directory all VARIANT=release
	@build/reference/bin/python3.14 tools/bench_check --krait build/release/krait $(BENCH_ARGS)

# Counts which paths of the C code are hot in programs of tests/ and tools/natives; the release variant built afterwards uses it.
profile: bootstrap
	@$(MAKE) --no-print-directory all VARIANT=profile
	@build/reference/bin/python3.14 tools/train

fuzz: bootstrap
	@$(MAKE) --no-print-directory all
	@build/reference/bin/python3.14 tests/fuzz/run.py --krait $(OUT)/krait $(FUZZ_ARGS)

# Random programs, and what they print on CPython.
fuzz-programs: bootstrap
	@$(MAKE) --no-print-directory all
	@build/reference/bin/python3.14 tests/fuzz/programs.py --krait $(OUT)/krait $(FUZZ_ARGS)

# Random programs that watch what is finalized.
fuzz-finalizers: bootstrap
	@$(MAKE) --no-print-directory all
	@build/reference/bin/python3.14 tests/fuzz/finalizers.py --krait $(OUT)/krait $(FUZZ_ARGS)

# Meant for VARIANT=stress, which lets one allocation fail.
fuzz-allocations: bootstrap
	@$(MAKE) --no-print-directory all
	@build/reference/bin/python3.14 tests/fuzz/allocations.py --krait $(OUT)/krait $(FUZZ_ARGS)

check:
	@build/reference/bin/python3.14 tools/check_includes

clean:
	rm -rf $(foreach v,dev release debug asan tsan stress profile gen krait curses,build/$(v))

-include $(objects:.o=.d) $(test_programs:=.d)
