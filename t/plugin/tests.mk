# The plugin in libsasl2, with our own programs.
plugin_tests = \
	t/plugin/binding.sh \
	t/plugin/early.sh \
	t/plugin/ends.sh \
	t/plugin/fips.sh \
	t/plugin/freed_callbacks.sh \
	t/plugin/layers.sh \
	t/plugin/lifecycle.sh \
	t/plugin/load.sh \
	t/plugin/lookups.sh \
	t/plugin/name_limits.sh \
	t/plugin/properties.sh \
	t/plugin/sample_programs.sh \
	t/plugin/stock_peer.sh \
	t/plugin/server_policy.sh \
	t/plugin/prompts.sh \
	t/plugin/secrets.sh \
	t/plugin/reauth.sh \
	t/plugin/hostile.sh \
	t/plugin/versions.sh
# These make each call of an allocator or of OpenSSL fail in turn, or build with
# the thread sanitizer.
fault_tests = \
	t/plugin/memory.sh \
	t/plugin/openssl.sh \
	t/plugin/threads.sh
EXTRA_DIST += $(plugin_tests) $(fault_tests) \
	t/plugin/common.sh \
	t/plugin/counting_auxprop.c \
	t/plugin/fake_host.c \
	t/plugin/raw.sh \
	t/plugin/threads.c

check_PROGRAMS += \
	t/plugin/early \
	t/plugin/ends \
	t/plugin/freed_callbacks \
	t/plugin/lifecycle \
	t/plugin/load \
	t/plugin/memory \
	t/plugin/name_limits \
	t/plugin/openssl \
	t/plugin/properties \
	t/plugin/secrets

t_plugin_lifecycle_SOURCES = \
	t/plugin/lifecycle.c \
	t/bench/die.c \
	t/bench/heap.c \
	t/bench/library.c \
	t/bench/pair.c \
	t/bench/protection.c \
	$(application_sources)
t_plugin_lifecycle_LDADD = $(SASL_LIBS)

t_plugin_load_SOURCES = t/plugin/load.c
t_plugin_load_LDADD = -ldl

t_plugin_name_limits_SOURCES = t/plugin/name_limits.c $(application_sources)
t_plugin_name_limits_LDADD = $(SASL_LIBS)

t_plugin_properties_SOURCES = t/plugin/properties.c $(application_sources)
t_plugin_properties_LDADD = $(SASL_LIBS)

# An application, and the secrets that it looks for.
test_app_sources = \
	t/plugin/test_app.c t/plugin/test_app.h \
	t/plugin/secret_set.c t/plugin/secret_set.h \
	$(application_sources)

t_plugin_early_SOURCES = t/plugin/early.c t/plugin/memory_scan.h \
	$(test_app_sources)
t_plugin_early_LDADD = $(SASL_LIBS) $(CRYPTO_LIBS)

t_plugin_ends_SOURCES = t/plugin/ends.c t/plugin/memory_scan.h \
	$(test_app_sources)
t_plugin_ends_LDADD = $(SASL_LIBS) $(CRYPTO_LIBS)

t_plugin_freed_callbacks_SOURCES = t/plugin/freed_callbacks.c \
	t/plugin/memory_scan.h $(test_app_sources)
t_plugin_freed_callbacks_LDADD = $(SASL_LIBS) $(CRYPTO_LIBS)

t_plugin_secrets_SOURCES = \
	t/plugin/secrets.c \
	t/plugin/memory_scan.c t/plugin/memory_scan.h \
	$(test_app_sources)
t_plugin_secrets_LDADD = $(SASL_LIBS) $(CRYPTO_LIBS)

fault_sources = \
	t/plugin/fault_runs.c t/plugin/fault_runs.h \
	t/plugin/memory_scan.h \
	$(test_app_sources)
t_plugin_memory_SOURCES = t/plugin/memory.c $(fault_sources)
t_plugin_memory_LDADD = $(plugin_libraries) $(SASL_LIBS)
t_plugin_memory_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc \
	-Wl,--wrap=calloc \
	-Wl,--wrap=free \
	-Wl,--wrap=server_mech_step \
	-Wl,--wrap=client_mech_step
t_plugin_openssl_SOURCES = t/plugin/openssl.c $(fault_sources)
t_plugin_openssl_LDADD = $(plugin_libraries) $(SASL_LIBS)
t_plugin_openssl_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=OSSL_LIB_CTX_new \
	-Wl,--wrap=OSSL_LIB_CTX_free \
	-Wl,--wrap=OSSL_PROVIDER_load \
	-Wl,--wrap=OSSL_PROVIDER_unload \
	-Wl,--wrap=EVP_MD_fetch \
	-Wl,--wrap=EVP_MD_free \
	-Wl,--wrap=EVP_Digest \
	-Wl,--wrap=EVP_MAC_fetch \
	-Wl,--wrap=EVP_MAC_free \
	-Wl,--wrap=EVP_CIPHER_fetch \
	-Wl,--wrap=EVP_CIPHER_free \
	-Wl,--wrap=EVP_MD_CTX_new \
	-Wl,--wrap=EVP_MD_CTX_free \
	-Wl,--wrap=EVP_DigestInit_ex2 \
	-Wl,--wrap=EVP_DigestUpdate \
	-Wl,--wrap=EVP_DigestFinal_ex \
	-Wl,--wrap=EVP_MAC_CTX_new \
	-Wl,--wrap=EVP_MAC_CTX_dup \
	-Wl,--wrap=EVP_MAC_CTX_free \
	-Wl,--wrap=EVP_MAC_init \
	-Wl,--wrap=EVP_MAC_update \
	-Wl,--wrap=EVP_MAC_final \
	-Wl,--wrap=EVP_CIPHER_CTX_new \
	-Wl,--wrap=EVP_CIPHER_CTX_free \
	-Wl,--wrap=EVP_CipherInit_ex2 \
	-Wl,--wrap=EVP_CIPHER_CTX_set_padding \
	-Wl,--wrap=EVP_CipherUpdate \
	-Wl,--wrap=getentropy \
	-Wl,--wrap=pthread_mutex_init \
	-Wl,--wrap=server_mech_step \
	-Wl,--wrap=client_mech_step
