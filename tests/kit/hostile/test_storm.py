"""Hundreds of hostile bodies at a time leave a service alive that may have 256 MiB."""

import pytest

from hostile.memory import limited_group, peak, reset_peak
from hostile.storm import LIMIT, lost, storm

BODIES = 240


@pytest.mark.parametrize("task", ["classification", "image"])
@pytest.mark.usefixtures("measurable")
def test_a_service_with_256_mib_survives(task, started):
    with limited_group(LIMIT) as group, started(task, group=group) as (process, target):
        target.warm_up()
        reset_peak(target.pid)
        found = storm(target, task, BODIES)
        assert process.poll() is None, f"it was killed, after {found}"
        assert peak(target.pid) < LIMIT and not lost(found), found
        assert target.predict().status == 200
