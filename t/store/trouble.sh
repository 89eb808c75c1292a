#!/bin/bash
# A store that is down, slow, full, empty, or sends garbage costs a client at
# most a full authentication.
. "$DIGEST_SRCDIR/t/store/common.sh"
tell_story incidents.py
