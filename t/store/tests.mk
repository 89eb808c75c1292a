# Servers that share their nonces through a real redis-server.
store_tests = \
	t/store/clock.sh \
	t/store/farm.sh \
	t/store/module.sh \
	t/store/promoted.sh \
	t/store/tls.sh \
	t/store/trouble.sh
EXTRA_DIST += $(store_tests) \
	t/store/time_shift.py \
	t/store/clock_shift.c \
	t/store/common.sh \
	t/store/incidents.py \
	t/store/measure.py \
	t/store/moving.py \
	t/store/peers.py \
	t/store/promotion.py \
	t/store/secure.py
