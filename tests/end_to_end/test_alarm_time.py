"""The bench of `python -m server.bench.alarm`, small: its parts are those of the whole."""

from pathlib import Path

import pytest

from server.alerts.care_plan import CarePlan
from server.bench.alarm import alarms, figures_of


@pytest.mark.slow
async def test_the_parts_from_impact_to_receiver_add_up_and_contain_the_plans_waits(tmp_path: Path) -> None:
    plan = CarePlan(observe_s=4.0, prompt_s=1.0)
    parts, missed = await alarms(2, tmp_path, plan=plan)
    assert missed == 0
    for one in parts:
        whole = one.detection_s + one.observation_s + one.prompt_s + one.delivery_s
        assert whole == pytest.approx(one.total_s, abs=0.01)
        assert one.total_s >= 5.0, "nobody is told before the wearer was asked"
        assert one.prompt_s >= 0.9
        assert one.detection_s > 0.0
    assert figures_of(parts, missed)["alarms"] == 2
