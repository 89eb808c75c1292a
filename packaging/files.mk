# Two runs of "make dist" give the same octets: files in order, with the time of
# the release and the modes of the archive, not of this tree.
release_time = $(or $(SOURCE_DATE_EPOCH),$(shell \
	sed -n '/^ -- /{s/.*@  //p;q}' $(srcdir)/packaging/debian/changelog | \
	date -u -f - +%s))
tar_options = --sort=name --owner=0 --group=0 --numeric-owner \
	--mode=u+rw,go=rX --mtime=@$(release_time)
dist dist-gzip: export TAR_OPTIONS = $(tar_options)

# A Debian package, and its sources, in deb/.
DEBFULLNAME = sasl-digest maintainers
DEBEMAIL = sasl-digest@example.org
deb: dist
	rm -rf deb && $(MKDIR_P) deb
	cp $(distdir).tar.gz deb/$(PACKAGE)_$(VERSION).orig.tar.gz
	tar -C deb -xzf $(distdir).tar.gz
	cp -R $(srcdir)/packaging/debian deb/$(distdir)/
	chmod -R u+w deb/$(distdir)
	sed -i 's#@maintainer@#$(DEBFULLNAME) <$(DEBEMAIL)>#' \
		deb/$(distdir)/debian/control deb/$(distdir)/debian/changelog
	cd deb/$(distdir) && dpkg-buildpackage -us -uc
	@ls -l deb/*.deb
deb-check: deb
	$(MAKE) check TESTS='t/packaging/debian.sh t/packaging/dist.sh'
.PHONY: deb deb-check

EXTRA_DIST += \
	packaging/debian/changelog \
	packaging/debian/control \
	packaging/debian/copyright \
	packaging/debian/digestmd5-explain.install \
	packaging/debian/digestmd5-explain.lintian-overrides \
	packaging/debian/digestmd5-explain.manpages \
	packaging/debian/libsasl2-modules-digestmd5.install \
	packaging/debian/libsasl2-modules-digestmd5.lintian-overrides \
	packaging/debian/libsasl2-modules-digestmd5.manpages \
	packaging/debian/postrm.in \
	packaging/debian/preinst.in \
	packaging/debian/rules \
	packaging/debian/source/format
