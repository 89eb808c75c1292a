#!/bin/bash
# Four processes on each of two machines share one store of nonces.
. "$DIGEST_SRCDIR/t/store/common.sh"
tell_story moving.py
