# Unit tests: a program for each folder of lib/, and one for plugins/, each
# printing TAP.  Their helpers are in t/support/.
unit_tests = \
	t/unit/test_base \
	t/unit/test_crypto \
	t/unit/test_message \
	t/unit/test_digest \
	t/unit/test_nonce \
	t/unit/test_handshake \
	t/unit/test_machine \
	t/unit/test_http \
	t/unit/test_sspi \
	t/unit/test_rights \
	t/unit/test_plugins

unit_libraries = t/support/libsupport.la libdigest.la \
	$(CHECK_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS)

unit_programs =
if WITH_UNIT_TESTS
unit_programs += $(unit_tests)
check_PROGRAMS += $(unit_tests)
check_LTLIBRARIES += t/support/libsupport.la
endif
t_support_libsupport_la_SOURCES = $(support_sources)

t_unit_test_base_SOURCES = \
	t/unit/base/main.c \
	t/unit/base/test_handle.c \
	t/unit/base/test_hash_table.c \
	t/unit/base/test_memory.c \
	t/unit/base/test_reasons.c \
	t/unit/base/test_slice.c \
	t/unit/base/test_stripe.c \
	t/unit/base/test_text.c \
	t/unit/base/test_waiting.c
t_unit_test_base_LDADD = $(unit_libraries)

t_unit_test_crypto_SOURCES = \
	t/unit/crypto/main.c \
	t/unit/crypto/test_aead.c \
	t/unit/crypto/test_cipher.c \
	t/unit/crypto/test_crypto.c \
	t/unit/crypto/test_known_answers.c \
	t/unit/crypto/test_policy.c \
	t/unit/crypto/test_random.c \
	t/unit/crypto/test_stream.c
t_unit_test_crypto_LDADD = $(unit_libraries)

t_unit_test_message_SOURCES = \
	t/unit/message/challenges.h \
	t/unit/message/directives.h \
	t/unit/message/responses.h \
	t/unit/message/main.c \
	t/unit/message/test_challenge.c \
	t/unit/message/test_challenge_limits.c \
	t/unit/message/test_digest_uri.c \
	t/unit/message/test_directive.c \
	t/unit/message/test_directive_scan.c \
	t/unit/message/test_fault.c \
	t/unit/message/test_keywords.c \
	t/unit/message/test_response.c \
	t/unit/message/test_response_print.c \
	t/unit/message/test_rspauth.c
t_unit_test_message_LDADD = $(unit_libraries)

t_unit_test_digest_SOURCES = \
	t/unit/digest/main.c \
	t/unit/digest/test_binding.c \
	t/unit/digest/test_keys.c \
	t/unit/digest/test_layer.c \
	t/unit/digest/test_offer.c \
	t/unit/digest/test_proof.c
t_unit_test_digest_LDADD = $(unit_libraries)

t_unit_test_nonce_SOURCES = \
	t/unit/nonce/servers.h \
	t/unit/nonce/main.c \
	t/unit/nonce/test_client_sessions.c \
	t/unit/nonce/test_count_window.c \
	t/unit/nonce/test_http_nonce.c \
	t/unit/nonce/test_server_nonces.c \
	t/unit/nonce/test_shared_entry.c \
	t/unit/nonce/test_shared_http.c \
	t/unit/nonce/test_shared_link.c \
	t/unit/nonce/test_shared_nonces.c
t_unit_test_nonce_LDADD = $(unit_libraries)
# Here a key cannot be derived.
t_unit_test_nonce_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=aead_derive

t_unit_test_handshake_SOURCES = \
	t/unit/handshake/claims.h \
	t/unit/handshake/contexts.h \
	t/unit/handshake/credentials.h \
	t/unit/handshake/main.c \
	t/unit/handshake/test_accept.c \
	t/unit/handshake/test_accept_binding.c \
	t/unit/handshake/test_accept_claims.c \
	t/unit/handshake/test_accept_policy.c \
	t/unit/handshake/test_accept_resume.c \
	t/unit/handshake/test_context.c \
	t/unit/handshake/test_credential.c \
	t/unit/handshake/test_credential_offer.c \
	t/unit/handshake/test_exchange.c \
	t/unit/handshake/test_initialize.c \
	t/unit/handshake/test_initialize_binding.c \
	t/unit/handshake/test_initialize_dialogue.c \
	t/unit/handshake/test_leniency.c \
	t/unit/handshake/test_package.c \
	t/unit/handshake/test_reauth.c \
	t/unit/handshake/test_variants.c \
	t/unit/handshake/test_verify_password.c
t_unit_test_handshake_LDADD = $(unit_libraries)
# Here look-ups and hashes are counted.
t_unit_test_handshake_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=proof_secret \
	-Wl,--wrap=proof_make

t_unit_test_http_SOURCES = \
	t/unit/http/main.c \
	t/unit/http/test_field.c \
	t/unit/http/test_messages.c \
	t/unit/http/test_nonce_use.c \
	t/unit/http/test_proof.c \
	t/unit/http/test_uri.c
t_unit_test_http_LDADD = $(unit_libraries)

t_unit_test_sspi_SOURCES = \
	t/unit/sspi/main.c \
	t/unit/sspi/test_account.c \
	t/unit/sspi/test_buffers.c \
	t/unit/sspi/test_checklist.c \
	t/unit/sspi/test_checklist_attributes.c \
	t/unit/sspi/test_checklist_codes.c \
	t/unit/sspi/test_checklist_flags.c \
	t/unit/sspi/test_code_list.c \
	t/unit/sspi/test_http_bindings.c \
	t/unit/sspi/test_http_clients.c \
	t/unit/sspi/test_http_nonces.c \
	t/unit/sspi/test_http_parameters.c \
	t/unit/sspi/test_http_proofs.c \
	t/unit/sspi/test_http_refusals.c \
	t/unit/sspi/test_message.c \
	t/unit/sspi/test_package.c \
	t/unit/sspi/test_pending.c \
	t/unit/sspi/test_requirements.c \
	t/unit/sspi/test_sspi.c
t_unit_test_sspi_LDADD = $(unit_libraries)
# In these programs lib/ can run out of memory (t/support/failing.h).
t_unit_test_sspi_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=memory_take

# These replace the steps of the driver.
t_unit_test_machine_SOURCES = t/unit/handshake/test_machine.c
t_unit_test_machine_LDADD = $(unit_libraries)

# It replaces the C library's syscall().
t_unit_test_rights_SOURCES = t/unit/sspi/test_rights.c
t_unit_test_rights_LDADD = $(unit_libraries)

t_unit_test_plugins_SOURCES = \
	t/unit/plugins/main.c \
	t/unit/plugins/test_address.c \
	t/unit/plugins/test_options.c \
	t/unit/plugins/test_redis_commands.c \
	t/unit/plugins/test_secrets.c \
	t/unit/plugins/test_status.c \
	t/unit/plugins/test_store.c \
	plugins/options.c \
	plugins/secrets.c \
	plugins/status.c \
	plugins/store_options.c \
	plugins/store/address.c \
	plugins/store/redis_commands.c \
	plugins/shared_store.c
t_unit_test_plugins_CPPFLAGS = $(AM_CPPFLAGS)
t_unit_test_plugins_LDADD = $(unit_libraries) $(SASL_LIBS)
if WITH_STORE
t_unit_test_plugins_SOURCES += \
	t/unit/plugins/test_wire.c \
	t/unit/plugins/test_worker.c \
	plugins/store/wire.c \
	plugins/store/worker.c
t_unit_test_plugins_CPPFLAGS += -DWITH_STORE
t_unit_test_plugins_LDADD += $(STORE_LIBS)
endif
# The store of the tests replaces that of the package.
t_unit_test_plugins_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=wdigest_share
