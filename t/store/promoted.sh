#!/bin/bash
# The store becomes a replica, and a master again; its configuration changes.
. "$DIGEST_SRCDIR/t/store/common.sh"
tell_story promotion.py
