# Services that use the plugin, configured with the files of doc/services/.
service_tests = \
	t/services/dovecot.sh \
	t/services/java.sh \
	t/services/ldapdb.sh \
	t/services/memcached.sh \
	t/services/openldap.sh \
	t/services/openldap_replica.sh \
	t/services/postfix.sh \
	t/services/sql.sh \
	t/services/subversion.sh \
	t/services/zookeeper.sh

# Those whose packages conflict with others, each list in a system of its own:
# "./bootstrap apart imap".
apart_imap_tests = \
	t/services/cyrus_httpd.sh \
	t/services/cyrus_imap.sh \
	t/services/sendmail.sh
apart_exim_tests = \
	t/services/389-ds.sh \
	t/services/exim.sh \
	t/services/libvirt.sh \
	t/services/openldap_clients.sh \
	t/services/pcp.sh \
	t/services/qemu.sh
EXTRA_DIST += $(service_tests) $(apart_imap_tests) $(apart_exim_tests) \
	t/services/JndiClient.java \
	t/services/caldav_client.py \
	t/services/common.sh \
	t/services/cyrus_common.sh \
	t/services/display_client.py \
	t/services/memcached_client.py \
	t/services/slapd_common.sh \
	t/services/syslog_to_file.c

check_PROGRAMS += t/services/zookeeper_client
t_services_zookeeper_client_SOURCES = t/services/zookeeper_client.c
t_services_zookeeper_client_LDADD = $(SASL_LIBS)
