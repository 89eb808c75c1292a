# Helpers of the unit tests.
support_sources = \
	t/support/accepting.c t/support/accepting.h \
	t/support/failing.c t/support/failing.h \
	t/support/fake_store.c t/support/fake_store.h \
	t/support/pair.c t/support/pair.h \
	t/support/support.c t/support/support.h \
	t/support/web.c t/support/web.h

# What the programs that use libsasl2 have in common.
application_sources = t/support/application.c t/support/application.h
