# Installation, the Debian package, and new systems to try them on.
packaging_tests = t/packaging/install.sh
EXTRA_DIST += $(packaging_tests) \
	t/packaging/debian.sh \
	t/fresh/fresh
