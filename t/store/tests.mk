# Servers that share their nonces through a real redis-server.
store_tests = \
	t/store/farm.sh \
	t/store/module.sh \
	t/store/tls.sh \
	t/store/trouble.sh
EXTRA_DIST += $(store_tests) \
	t/store/common.sh \
	t/store/incidents.py \
	t/store/measure.py \
	t/store/moving.py \
	t/store/peers.py \
	t/store/secure.py
