"""Reference values and changes: the right table for the person, and a sentence where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.prompt import PROTOCOLS, STANCES
from server.clinic.change import LESS_IS_BETTER, THRESHOLDS, change_between
from server.clinic.norms import Reference, Taker, reference_for

WOMAN_72 = Taker(72.0, "female", 1.62, None, "ms")


def band(*args: object, **kwargs: object) -> Reference:
    found = reference_for(*args, **kwargs)  # type: ignore[arg-type]
    assert isinstance(found, Reference), found
    return found


def test_a_timed_up_and_go_is_compared_with_people_of_the_same_age() -> None:
    found = band("tug", WOMAN_72, course_length_m=3.0)
    assert (found.low, found.typical, found.high, found.unit) == (8.2, 9.2, 10.2, "s")
    assert "Bohannon" in found.source


@pytest.mark.parametrize(
    ("protocol", "taker", "course_m", "why"),
    [
        ("tug", WOMAN_72, 7.0, "course of 3 m"),
        ("tug", Taker(45.0, "male"), 3.0, "60 to 99"),
        ("tug", Taker(), 3.0, "age is not known"),
        ("6mwt", WOMAN_72, None, "length is not known"),
        ("6mwt", WOMAN_72, 10.0, "shorter than 20 m"),
        ("6mwt", Taker(72.0), 30.0, "sex is not known"),
        ("2mwt", WOMAN_72, 15.0, "shorter than 20 m"),
        ("t25fw", Taker(50.0, "male"), None, "with MS only"),
        ("chair_stand_30s", Taker(40.0, "male"), None, "60 to 94"),
        ("chair_stand_5x", Taker(95.0, "male"), None, "18 to 89"),
        ("10mwt", Taker(72.0), None, "sex is not known"),
    ],
)
def test_where_there_is_no_reference_the_reason_is_given(
    protocol: str, taker: Taker, course_m: float | None, why: str
) -> None:
    found = reference_for(protocol, taker, course_length_m=course_m)
    assert isinstance(found, str)
    assert found.startswith("No reference")
    assert why in found


def test_the_six_minute_walk_is_predicted_with_the_weight_where_it_is_known() -> None:
    man = Taker(60.0, "male", 1.75, 80.0)
    with_weight = band("6mwt", man, course_length_m=30.0)
    assert with_weight.typical == pytest.approx(7.57 * 175 - 5.02 * 60 - 1.76 * 80 - 309)
    assert with_weight.low == pytest.approx(with_weight.typical - 153.0)
    without = band("6mwt", Taker(60.0, "female"), course_length_m=30.0)
    assert without.typical == pytest.approx(868.8 - 2.99 * 60 - 74.7)
    assert without.low is None


def test_chair_stands_of_men_and_women_have_their_own_tables() -> None:
    assert (band("chair_stand_30s", Taker(66.0, "male")).low, band("chair_stand_30s", Taker(66.0, "female")).low) == (
        12,
        11,
    )


def test_tandem_has_a_bar_and_one_leg_an_age() -> None:
    assert band("stance", Taker(), stance="tandem_left").low == 10.0
    assert band("stance", Taker(63.9), stance="single_right").typical == 27.0
    assert isinstance(reference_for("stance", WOMAN_72, stance="eyes_closed"), str)


@given(
    protocol=st.sampled_from(PROTOCOLS),
    age=st.none() | st.floats(0, 120),
    sex=st.none() | st.sampled_from(["female", "male", "other"]),
    course_m=st.none() | st.floats(1, 100),
    stance=st.none() | st.sampled_from(STANCES),
)
def test_every_person_gets_a_band_with_a_source_or_a_reason(
    protocol: str, age: float | None, sex: str | None, course_m: float | None, stance: str | None
) -> None:
    found = reference_for(protocol, Taker(age, sex), stance=stance, course_length_m=course_m)
    if isinstance(found, str):
        assert found.startswith("No reference")
    else:
        assert found.source
        assert any(value is not None for value in (found.low, found.high, found.typical))
        assert found.low is None or found.high is None or found.low < found.high


def test_a_slower_timed_up_and_go_in_ms_is_noise_until_it_is_a_third_slower() -> None:
    assert change_between("tug", "ms", 10.0, 12.9).zone == "noise"
    slower, faster = change_between("tug", "ms", 10.0, 13.2), change_between("tug", "ms", 10.0, 7.6)
    assert (slower.zone, slower.better) == ("certain", False)
    assert (faster.zone, faster.better) == ("certain", True)


def test_a_longer_walk_goes_through_the_three_zones() -> None:
    zones = [change_between("6mwt", "ms", 300.0, 300.0 + metres).zone for metres in (10.0, 30.0, 70.0)]
    assert zones == ["noise", "likely", "certain"]
    assert change_between("6mwt", "ms", 300.0, 330.0).better is True


def test_without_a_published_threshold_nothing_is_claimed() -> None:
    assert change_between("tug", "als", 10.0, 30.0).zone == "unknown"
    assert change_between("stance", "ms", 10.0, 30.0).source is None


@given(
    key=st.sampled_from(sorted(THRESHOLDS)),
    last=st.floats(1, 600),
    difference=st.floats(-600, 600),
)
def test_a_larger_change_is_never_less_certain(key: tuple[str, str], last: float, difference: float) -> None:
    order = ["noise", "likely", "certain"]
    small = change_between(*key, last, last + 0.5 * difference)
    large = change_between(*key, last, last + difference)
    assert order.index(large.zone) >= order.index(small.zone)
    if large.difference:
        assert large.better == ((large.difference < 0) == (key[0] in LESS_IS_BETTER))
