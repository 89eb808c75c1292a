# Programs that use libsasl2; the scripts connect them to each other and to
# other programs.
check_PROGRAMS += t/peers/sasl_peer t/peers/http_client
t_peers_sasl_peer_SOURCES = \
	t/peers/sasl_peer.c \
	t/peers/sasl_peer.h \
	t/peers/sasl_peer_callbacks.c \
	t/peers/sasl_peer_client.c \
	t/peers/sasl_peer_server.c \
	$(application_sources)
t_peers_sasl_peer_LDADD = $(SASL_LIBS)
t_peers_http_client_SOURCES = t/peers/http_client.c $(application_sources)
t_peers_http_client_LDADD = $(SASL_LIBS)
