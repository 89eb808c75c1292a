# Checks of the house rules, for what is built and shipped.
lint_tests = \
	t/lint/binary.sh \
	t/lint/demo.sh \
	t/lint/format.sh \
	t/lint/listed.sh \
	t/lint/log_lines.sh \
	t/lint/names.sh \
	t/lint/optional.sh \
	t/lint/ported.sh \
	t/lint/text.sh \
	t/lint/traced.sh \
	t/lint/wall.sh
analysis_tests = \
	t/lint/analysis.sh \
	t/lint/instructions.sh
EXTRA_DIST += $(lint_tests) $(analysis_tests) \
	t/lint/cppcheck.suppressions \
	t/lint/ported.c

# Static analysis alone.
analyze:
	@$(MAKE) $(AM_MAKEFLAGS) check TESTS=t/lint/analysis.sh \
	  check_PROGRAMS= check_LTLIBRARIES= TEST_SUITE_LOG=analysis.log
.PHONY: analyze
CLEANFILES += analysis.log
