# The mechanism, without SASL.  A folder uses only folders that are listed above
# it; t/lint/wall.sh checks that.
noinst_LTLIBRARIES += libdigest.la
libdigest_la_CFLAGS = $(AM_CFLAGS) $(LTO_CFLAGS)
libdigest_la_LIBADD = $(CRYPTO_LIBS)
libdigest_la_SOURCES = lib/security.h lib/sspi.h lib/wdigest.h

libdigest_la_SOURCES += \
	lib/base/handle.c lib/base/handle.h \
	lib/base/hash_table.c lib/base/hash_table.h \
	lib/base/limits.h \
	lib/base/memory.c lib/base/memory.h \
	lib/base/reasons.c lib/base/reasons.h \
	lib/base/slice.c lib/base/slice.h \
	lib/base/stripe.c lib/base/stripe.h \
	lib/base/text.c lib/base/text.h \
	lib/base/waiting.c lib/base/waiting.h

libdigest_la_SOURCES += \
	lib/crypto/aead.c lib/crypto/aead.h \
	lib/crypto/cipher.c lib/crypto/cipher.h \
	lib/crypto/crypto.c lib/crypto/crypto.h \
	lib/crypto/known_answers.c lib/crypto/known_answers.h \
	lib/crypto/policy.c lib/crypto/policy.h \
	lib/crypto/random.c lib/crypto/random.h

libdigest_la_SOURCES += \
	lib/message/challenge.c lib/message/challenge.h \
	lib/message/digest_uri.c lib/message/digest_uri.h \
	lib/message/directive.c lib/message/directive.h \
	lib/message/fault.c lib/message/fault.h \
	lib/message/keywords.c lib/message/keywords.h \
	lib/message/response.c lib/message/response.h \
	lib/message/rspauth.c lib/message/rspauth.h

libdigest_la_SOURCES += \
	lib/digest/binding.c lib/digest/binding.h \
	lib/digest/keys.c lib/digest/keys.h \
	lib/digest/layer.c lib/digest/layer.h \
	lib/digest/offer.c lib/digest/offer.h \
	lib/digest/proof.c lib/digest/proof.h

libdigest_la_SOURCES += \
	lib/nonce/client_sessions.c lib/nonce/client_sessions.h \
	lib/nonce/count_window.c lib/nonce/count_window.h \
	lib/nonce/http_nonce.c lib/nonce/http_nonce.h \
	lib/nonce/server_nonces.c lib/nonce/server_nonces.h \
	lib/nonce/shared_entry.c lib/nonce/shared_entry.h \
	lib/nonce/shared_link.c lib/nonce/shared_link.h \
	lib/nonce/shared_nonces.c lib/nonce/shared_nonces.h

libdigest_la_SOURCES += \
	lib/handshake/accept.c \
	lib/handshake/client_identity.c lib/handshake/client_identity.h \
	lib/handshake/context.c lib/handshake/context.h \
	lib/handshake/credential.c lib/handshake/credential.h \
	lib/handshake/dialect.c lib/handshake/dialect.h \
	lib/handshake/exchange.c lib/handshake/exchange.h \
	lib/handshake/initialize.c \
	lib/handshake/machine.c lib/handshake/machine.h \
	lib/handshake/package.c lib/handshake/package.h \
	lib/handshake/reauth.c lib/handshake/reauth.h \
	lib/handshake/server_name.c lib/handshake/server_name.h \
	lib/handshake/steps.h \
	lib/handshake/variants.c lib/handshake/variants.h \
	lib/handshake/verify_password.c lib/handshake/verify_password.h

libdigest_la_SOURCES += \
	lib/http/accept.c \
	lib/http/challenge.c lib/http/challenge.h \
	lib/http/dialect.c lib/http/dialect.h \
	lib/http/field.c lib/http/field.h \
	lib/http/info.c lib/http/info.h \
	lib/http/initialize.c \
	lib/http/nonce_use.c lib/http/nonce_use.h \
	lib/http/offer.c lib/http/offer.h \
	lib/http/proof.c lib/http/proof.h \
	lib/http/request.c lib/http/request.h \
	lib/http/response.c lib/http/response.h \
	lib/http/resume.c lib/http/resume.h \
	lib/http/state.c lib/http/state.h \
	lib/http/steps.h \
	lib/http/uri.c lib/http/uri.h \
	lib/http/verify_password.c lib/http/verify_password.h

libdigest_la_SOURCES += \
	lib/sspi/account.c \
	lib/sspi/buffers.c lib/sspi/buffers.h \
	lib/sspi/common.c lib/sspi/common.h \
	lib/sspi/context.c \
	lib/sspi/credential.c \
	lib/sspi/http.c \
	lib/sspi/message.c \
	lib/sspi/package.c \
	lib/sspi/pending.c lib/sspi/pending.h \
	lib/sspi/query.c \
	lib/sspi/rights.c lib/sspi/rights.h
