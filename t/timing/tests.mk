# Whether timing reveals users or secrets.
timing_tests = \
	t/timing/attempts.sh \
	t/timing/branches.sh
EXTRA_DIST += $(timing_tests)

if WITH_MEMCHECK
check_PROGRAMS += t/timing/attempts
if WITH_UNIT_TESTS
check_PROGRAMS += t/timing/branches
endif
endif
t_timing_attempts_SOURCES = \
	t/timing/attempts.c \
	t/fuzz/input.h \
	t/fuzz/sasl.c t/fuzz/sasl.h \
	$(test_app_sources)
t_timing_attempts_LDADD = $(plugin_libraries) $(SASL_LIBS) -lm
# These functions make secrets public.
t_timing_branches_SOURCES = t/timing/branches.c
t_timing_branches_LDADD = $(unit_libraries)
t_timing_branches_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=crypto_equal \
	-Wl,--wrap=crypto_mac_run \
	-Wl,--wrap=crypto_stream_run \
	-Wl,--wrap=crypto_stream_start \
	-Wl,--wrap=rspauth_print \
	-Wl,--wrap=http_info_print \
	-Wl,--wrap=http_response_print \
	-Wl,--wrap=response_print \
	-Wl,--wrap=text_is_ascii

# The server's time for an unknown user and for a wrong password.
timing: all t/timing/attempts$(EXEEXT)
	t/timing/attempts$(EXEEXT) time 100000
.PHONY: timing
