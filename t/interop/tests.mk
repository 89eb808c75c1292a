# Other implementations of the mechanism.
peer_tests = \
	t/interop/gsasl.sh \
	t/interop/http.sh
interop_tests = \
	t/interop/apache.sh \
	t/interop/http_clients.sh \
	t/interop/java.sh \
	t/interop/openldap.sh \
	t/interop/perl.sh
EXTRA_DIST += $(peer_tests) $(interop_tests) \
	t/interop/DigestPeer.java \
	t/interop/http_clients/HttpClients.java \
	t/interop/http_clients/client.pl \
	t/interop/http_clients/client.py \
	t/interop/http_clients/client.rb \
	t/interop/http_common.sh \
	t/interop/http_peer.py \
	t/interop/perl_client.pl

if WITH_GSASL
check_PROGRAMS += t/interop/gsasl_peer
endif
t_interop_gsasl_peer_SOURCES = t/interop/gsasl_peer.c
t_interop_gsasl_peer_CPPFLAGS = $(AM_CPPFLAGS) $(GSASL_CFLAGS)
t_interop_gsasl_peer_LDADD = $(GSASL_LIBS)
