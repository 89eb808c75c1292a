# Documentation, and the pictures that programs of tools/ print.
dist_man_MANS = doc/sasl-digestmd5.5 doc/digestmd5-explain.1
state_files = doc/states.txt doc/states.dot
if WITH_DOT
state_files += doc/states.svg
endif
noinst_DATA = $(state_files)
CLEANFILES += $(state_files)
doc/states.txt: tools/states-print$(EXEEXT)
	$(AM_V_GEN)tools/states-print$(EXEEXT) text >$@.tmp && mv $@.tmp $@
doc/states.dot: tools/states-print$(EXEEXT)
	$(AM_V_GEN)tools/states-print$(EXEEXT) dot >$@.tmp && mv $@.tmp $@
doc/states.svg: doc/states.dot
	$(AM_V_GEN)$(DOT) -Tsvg -o $@.tmp doc/states.dot && mv $@.tmp $@

# The picture of the folders.  t/lint/wall.sh fails if it is outdated.
layers:
	$(srcdir)/tools/layers | tred >$(srcdir)/doc/internals/layers.dot
	$(DOT) -Tsvg -o $(srcdir)/doc/internals/layers.svg \
		$(srcdir)/doc/internals/layers.dot
.PHONY: layers

# An example for application authors, which the tests use as a server.
if WITH_MICROHTTPD
check_PROGRAMS += doc/examples/http_server
endif
doc_examples_http_server_SOURCES = doc/examples/http_server.c
doc_examples_http_server_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
doc_examples_http_server_LDADD = $(MICROHTTPD_LIBS) $(SASL_LIBS)

EXTRA_DIST += \
	doc/coming-from-stock.md \
	doc/defects.md \
	doc/farm.md \
	doc/http.md \
	doc/install.md \
	doc/internals/architecture.md \
	doc/internals/fuzzing.md \
	doc/internals/layers.dot \
	doc/internals/layers.svg \
	doc/internals/performance-handshakes.svg \
	doc/internals/performance-layers.svg \
	doc/internals/performance.md \
	doc/internals/proofs.md \
	doc/internals/upstream-tests.md \
	doc/platforms.md \
	doc/security.md \
	doc/services/389-ds.md \
	doc/services/README.md \
	doc/services/cyrus-imap.md \
	doc/services/dovecot.md \
	doc/services/exim.md \
	doc/services/java.md \
	doc/services/ldapdb.md \
	doc/services/libvirt-qemu.md \
	doc/services/memcached.md \
	doc/services/openldap.md \
	doc/services/pcp.md \
	doc/services/postfix.md \
	doc/services/sendmail.md \
	doc/services/sql.md \
	doc/services/subversion.md \
	doc/services/zookeeper.md \
	doc/sspi.md \
	doc/troubleshooting.md
