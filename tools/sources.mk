# A program for administrators, which uses the mechanism's own parser and
# proofs.
bin_PROGRAMS = digestmd5-explain
digestmd5_explain_SOURCES = \
	tools/explain/base64.c tools/explain/base64.h \
	tools/explain/builder.h \
	tools/explain/challenge.c \
	tools/explain/claim.c \
	tools/explain/clear.c tools/explain/clear.h \
	tools/explain/dump.c tools/explain/dump.h \
	tools/explain/exchange.c tools/explain/exchange.h \
	tools/explain/find.c tools/explain/find.h \
	tools/explain/http.c \
	tools/explain/input.c tools/explain/input.h \
	tools/explain/join.c tools/explain/join.h \
	tools/explain/layer.c tools/explain/layer.h \
	tools/explain/log.c tools/explain/log.h \
	tools/main.c \
	tools/explain/outcome.c tools/explain/outcome.h \
	tools/explain/password.c tools/explain/password.h \
	tools/explain/proof.c tools/explain/proof.h \
	tools/explain/report.c tools/explain/report.h \
	tools/explain/response.c \
	tools/explain/rows.c tools/explain/rows.h \
	tools/explain/secrets.c tools/explain/secrets.h \
	tools/explain/terms.c \
	tools/explain/values.c \
	tools/explain/variants.c tools/explain/variants.h \
	tools/explain/verdict.c tools/explain/verdict.h \
	tools/explain/view.c tools/explain/view.h
digestmd5_explain_SOURCES += \
	tools/config/config.c tools/config/config.h \
	tools/config/installed.c tools/config/installed.h \
	tools/config/names.c tools/config/names.h \
	tools/config/owner.c tools/config/owner.h \
	tools/config/session.c tools/config/session.h \
	tools/config/settings.c tools/config/settings.h \
	tools/config/store.c tools/config/store.h \
	tools/config/user.c tools/config/user.h \
	tools/config/utils.c tools/config/utils.h
digestmd5_explain_LDADD = $(plugin_libraries) $(SASL_LIBS)

# The state machine, printed from its own tables.
noinst_PROGRAMS = tools/states-print
tools_states_print_SOURCES = tools/states_print.c tools/state_names.h
tools_states_print_LDADD = libdigest.la $(CRYPTO_LIBS)

EXTRA_DIST += \
	tools/install-hooks \
	tools/install-plugin \
	tools/layers \
	tools/packages \
	tools/pre-commit
