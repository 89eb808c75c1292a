# Installation, the Debian package, and tests in new systems.
packaging_tests = t/packaging/install.sh
EXTRA_DIST += $(packaging_tests) \
	t/packaging/debian.sh \
	t/packaging/dist.sh \
	t/fresh/fresh
