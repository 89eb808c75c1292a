# Fuzzers (doc/internals/fuzzing.md), which t/fuzz/build compiles.
fuzz_tests = t/fuzz/fuzz.sh
EXTRA_DIST += $(fuzz_tests) \
	t/fuzz/build \
	t/fuzz/client.c \
	t/fuzz/coverage \
	t/fuzz/digest.dict \
	t/fuzz/explain.c \
	t/fuzz/faults.c \
	t/fuzz/faults.h \
	t/fuzz/http.c \
	t/fuzz/input.c \
	t/fuzz/input.h \
	t/fuzz/layer.c \
	t/fuzz/messages.c \
	t/fuzz/parser.c \
	t/fuzz/replay.c \
	t/fuzz/sasl.c \
	t/fuzz/sasl.h \
	t/fuzz/sec_buffers.c \
	t/fuzz/sec_buffers.h \
	t/fuzz/seeds.py \
	t/fuzz/server.c \
	t/fuzz/sspi.c \
	t/fuzz/sspi_side.c \
	t/fuzz/sspi_side.h \
	t/fuzz/sspi_traffic.c \
	t/fuzz/sspi_traffic.h \
	t/fuzz/store.c

# The coverage of the fuzzers.
fuzz-coverage: all
	@$(AM_TESTS_ENVIRONMENT) $(BASH_SHELL) $(srcdir)/t/fuzz/coverage
.PHONY: fuzz-coverage
