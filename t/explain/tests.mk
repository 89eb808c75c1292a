# The program digestmd5-explain.
explain_tests = t/explain/explain.sh
EXTRA_DIST += $(explain_tests)
