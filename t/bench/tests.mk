# The benchmark, for "make bench" and for the test that counts instructions.
check_PROGRAMS += t/bench/bench
t_bench_bench_SOURCES = \
	t/bench/bench.c \
	t/bench/cpu_affinity.c t/bench/cpu_affinity.h \
	t/bench/die.c t/bench/die.h \
	t/bench/gsasl.c t/bench/gsasl.h \
	t/bench/heap.c t/bench/heap.h \
	t/bench/host.c \
	t/bench/library.c \
	t/bench/many.c t/bench/many.h \
	t/bench/measure.c t/bench/measure.h \
	t/bench/pair.c t/bench/pair.h \
	t/bench/primitives.c t/bench/primitives.h \
	t/bench/protection.c t/bench/protection.h \
	t/bench/start.c t/bench/start.h \
	t/bench/table.c t/bench/table.h \
	t/bench/threads.c t/bench/threads.h \
	$(application_sources)
t_bench_bench_CPPFLAGS = $(AM_CPPFLAGS)
if WITH_GSASL
t_bench_bench_CPPFLAGS += -DHAVE_GSASL $(GSASL_CFLAGS)
endif
t_bench_bench_LDADD = $(SASL_LIBS) $(CRYPTO_LIBS) $(GSASL_LIBS)
bench: all t/bench/bench$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) \
	$(srcdir)/t/bench/run t/bench/bench$(EXEEXT) $(srcdir)/doc/internals
.PHONY: bench
CLEANFILES += bench.csv instructions.csv

EXTRA_DIST += \
	t/bench/README.md \
	t/bench/instructions \
	t/bench/instructions.txt \
	t/bench/report \
	t/bench/run
