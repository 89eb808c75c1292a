#!/bin/bash
# A store that is away, slow, full, empty, or talks nonsense costs nobody more
# than a full authentication.
. "$DIGEST_SRCDIR/t/store/common.sh"
tell_story incidents.py
