# The plugin.  It calls libsasl2 only through the table of functions that the
# library passes to it, so it is not linked with libsasl2.  Its objects are a
# convenience library, for test programs.
noinst_LTLIBRARIES += plugins/libplugin.la plugins/libdigestmd5.la
plugins_libplugin_la_CFLAGS = $(AM_CFLAGS) $(LTO_CFLAGS)
plugins_libplugin_la_SOURCES = \
	plugins/channel.c plugins/channel.h \
	plugins/client.c plugins/client.h \
	plugins/connection.c plugins/connection.h \
	plugins/host.h \
	plugins/http.c plugins/http.h \
	plugins/options.c plugins/options.h \
	plugins/packets.c plugins/packets.h \
	plugins/plugin.c \
	plugins/prompts.c plugins/prompts.h \
	plugins/secrets.c plugins/secrets.h \
	plugins/security.c plugins/security.h \
	plugins/server.c plugins/server.h \
	plugins/shared_store.c plugins/shared_store.h \
	plugins/store_options.c plugins/store_options.h \
	plugins/status.c plugins/status.h \
	plugins/version.c plugins/version.h
plugins_libplugin_la_SOURCES += \
	plugins/store/address.c plugins/store/address.h \
	plugins/store/redis.h \
	plugins/store/redis_find.c \
	plugins/store/redis_load.c
plugins_libdigestmd5_la_SOURCES =
plugins_libdigestmd5_la_LIBADD = plugins/libplugin.la libdigest.la \
	$(CRYPTO_LIBS)
plugins_libdigestmd5_la_LDFLAGS = $(AM_LDFLAGS) $(LTO_LDFLAGS) \
	-module -avoid-version -shared -rpath $(plugindir) \
	-export-symbols-regex '^sasl_(server|client)_plug_init$$'

# The module that connects to a shared store of nonces, so that only a process
# with such a store loads hiredis and libssl.
store_sources = \
	plugins/store/redis.c plugins/store/redis.h \
	plugins/store/redis_commands.c plugins/store/redis_commands.h \
	plugins/store/resolver.c plugins/store/resolver.h \
	plugins/store/wire.c plugins/store/wire.h \
	plugins/store/worker.c plugins/store/worker.h
if WITH_STORE
noinst_LTLIBRARIES += plugins/redis.la
plugins_redis_la_SOURCES = $(store_sources) \
	lib/base/slice.c lib/base/slice.h \
	lib/base/text.c lib/base/text.h
plugins_redis_la_LIBADD = $(STORE_LIBS) $(CRYPTO_LIBS)
plugins_redis_la_CFLAGS = $(AM_CFLAGS)
plugins_redis_la_LDFLAGS = $(AM_LDFLAGS) \
	-module -avoid-version -shared -rpath $(plugindir)/digestmd5 \
	-export-symbols-regex '^digestmd5_redis$$'
store_library = plugins/redis.la
store_module = plugins/.libs/redis.so
endif

# libsasl2 needs only the .so file, and only one of that name.  A refusal comes
# before anything is installed.  (Automake would drop its own rules for targets
# that are named here without a variable.)
installations = install-binPROGRAMS install-man1 install-man5
$(installations) install-exec-local: check-plugindir
check-plugindir:
	@DESTDIR="$(DESTDIR)" $(srcdir)/tools/install-plugin check \
		"$(DESTDIR)$(plugindir)"
.PHONY: check-plugindir
install-exec-local: plugins/libdigestmd5.la $(store_library)
	DESTDIR="$(DESTDIR)" $(srcdir)/tools/install-plugin install \
		"$(DESTDIR)$(plugindir)" \
		plugins/.libs/libdigestmd5.so $(store_module)
uninstall-local:
	DESTDIR="$(DESTDIR)" $(srcdir)/tools/install-plugin uninstall \
		"$(DESTDIR)$(plugindir)"

# A directory for SASL_PATH with only the plugin.  The plugin looks for the
# module below its own directory.
all-local: sasl2/libdigestmd5.so
sasl2/libdigestmd5.so: plugins/libdigestmd5.la
	$(AM_V_GEN)$(MKDIR_P) sasl2 && rm -f $@ plugins/.libs/digestmd5 && \
	$(LN_S) . plugins/.libs/digestmd5 && \
	$(LN_S) ../plugins/.libs/libdigestmd5.so $@
clean-local:
	rm -rf sasl2
