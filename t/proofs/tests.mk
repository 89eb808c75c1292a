# Proofs (doc/internals/proofs.md).
proof_tests = t/proofs/prove.sh
EXTRA_DIST += $(proof_tests) \
	t/proofs/.clang-format \
	t/proofs/contracts.h \
	t/proofs/harness.h \
	t/proofs/layer/mutations \
	t/proofs/layer/proof.c \
	t/proofs/loops.sed \
	t/proofs/machdep.ml \
	t/proofs/slice/mutations \
	t/proofs/slice/proof.c \
	t/proofs/slice_class/mutations \
	t/proofs/slice_class/proof.c \
	t/proofs/slice_numbers/mutations \
	t/proofs/slice_numbers/proof.c \
	t/proofs/take_pad/mutations \
	t/proofs/take_pad/proof.c \
	t/proofs/text_classes/mutations \
	t/proofs/text_classes/proof.c \
	t/proofs/text_count/mutations \
	t/proofs/text_count/proof.c \
	t/proofs/text_number/mutations \
	t/proofs/text_number/proof.c \
	t/proofs/unescape/mutations \
	t/proofs/unescape/proof.c

prove:
	@$(AM_TESTS_ENVIRONMENT) \
	DIGEST_PROVE_ALL=1 $(BASH_SHELL) $(srcdir)/t/proofs/prove.sh
.PHONY: prove
