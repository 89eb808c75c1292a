# Thousands of messages to this plugin and to Cyrus SASL's own.
differential_tests = t/differential/differential.sh
EXTRA_DIST += $(differential_tests) \
	t/differential/challenges.py \
	t/differential/compare.py \
	t/differential/inputs.py \
	t/differential/known.py \
	t/differential/recorded.json \
	t/differential/responses.py

check_PROGRAMS += t/differential/side
t_differential_side_SOURCES = \
	t/differential/guard.c t/differential/guard.h \
	t/differential/main.c \
	t/differential/pass.c \
	t/differential/serve.c \
	t/differential/side.h \
	t/differential/store.c \
	t/differential/talk.c \
	t/differential/terms.c \
	$(application_sources)
t_differential_side_LDADD = $(SASL_LIBS) $(CRYPTO_LIBS)
