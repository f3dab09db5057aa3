"""Simulated walking lies in the ranges that were computed on real people (simulator.md §2, §4, §9)."""

import itertools

import numpy as np
import pytest

from sensing.simulator import PERFECT, Person, Stand, Stumble, Turn, Walk, simulate
from sensing.simulator.stepping import plan_walk
from tests.sensing.simulator.measures import Gait, body, contacts, gait, regularity

V, ML, AP, YAW, PITCH, ROLL = range(6)


@pytest.fixture(scope="module")
def healthy() -> list[Gait]:
    return [gait(Person.drawn(seed), 1.05, seed) for seed in range(100, 110)]


@pytest.fixture(scope="module")
def with_ms() -> list[Gait]:
    return [gait(Person.drawn(seed, "ms"), 1.0, seed) for seed in range(100, 110)]


def median(walks: list[Gait], what: str, axis: int, harmonic: int | None = None) -> float:
    values = [getattr(walk, what)[axis] for walk in walks]
    return float(np.median([v if harmonic is None else v[harmonic] for v in values]))


@pytest.mark.parametrize(
    ("axis", "low", "high"),
    # Mobilise-D example data at 1.05 m/s; V and AP reach up to the Voisard walks, where they are larger
    [(V, 1.6, 2.3), (ML, 0.85, 1.2), (AP, 1.1, 1.5), (YAW, 16.0, 23.0), (PITCH, 9.0, 16.0), (ROLL, 9.0, 16.0)],
)
def test_the_rms_of_each_axis_at_a_common_speed_is_that_of_real_people(
    healthy: list[Gait], axis: int, low: float, high: float
) -> None:
    assert low <= median(healthy, "rms", axis) <= high


@pytest.mark.parametrize(
    ("axis", "harmonic", "low", "high"),
    [(V, 2, 1.7, 2.3), (V, 4, 0.4, 0.75), (V, 6, 0.5, 0.85), (V, 8, 0.27, 0.7), (ML, 1, 0.6, 0.97), (ML, 3, 0.37, 0.65),
     (ML, 5, 0.3, 0.6), (AP, 2, 1.07, 1.6), (AP, 4, 0.38, 0.6), (AP, 6, 0.3, 0.5), (YAW, 1, 17.0, 24.0),
     (PITCH, 2, 10.0, 15.0), (ROLL, 3, 8.0, 14.0)],
)  # fmt: skip
def test_the_harmonics_of_the_mean_stride_are_those_of_real_people(
    healthy: list[Gait], axis: int, harmonic: int, low: float, high: float
) -> None:
    assert low <= median(healthy, "amplitudes", axis, harmonic) <= high


def test_odd_vertical_harmonics_are_small_in_healthy_people_and_larger_in_ms(
    healthy: list[Gait], with_ms: list[Gait]
) -> None:
    odd_healthy, odd_ms = (
        float(np.median([w.amplitudes[V, 1:8:2].mean() for w in walks])) for walks in (healthy, with_ms)
    )
    assert 0.03 <= odd_healthy <= 0.2
    assert 0.15 <= odd_ms <= 0.4


def test_harmonic_ratios_tell_healthy_people_from_people_with_ms(healthy: list[Gait], with_ms: list[Gait]) -> None:
    ratios = {
        axis: [np.median([w.harmonic_ratio(axis) for w in g]) for g in (healthy, with_ms)] for axis in (V, ML, AP)
    }
    assert 5.0 <= ratios[V][0] <= 11.0
    assert 2.0 <= ratios[V][1] <= 5.0
    assert 2.4 <= ratios[ML][0] <= 3.6
    assert 1.6 <= ratios[ML][1] <= 2.5
    assert 3.2 <= ratios[AP][0] <= 4.8
    assert 1.4 <= ratios[AP][1] <= 2.4


@pytest.mark.parametrize(
    ("axis", "low", "high"),
    [(V, 0.55, 1.0), (ML, 0.4, 0.95), (AP, 0.4, 0.65), (YAW, 8.0, 13.0), (PITCH, 5.0, 9.0), (ROLL, 5.0, 9.0)],
)
def test_strides_scatter_around_their_mean_as_real_ones_do(
    healthy: list[Gait], axis: int, low: float, high: float
) -> None:
    assert low <= median(healthy, "residual", axis) <= high


def test_the_vertical_fundamental_peaks_about_65_ms_after_the_contact_and_the_forward_one_brakes_from_30_ms_on(
    healthy: list[Gait],
) -> None:
    peaks, brakes = [], []
    for walk in healthy:
        vertical, forward = (np.angle(np.fft.rfft(walk.mean_stride[axis])[2]) for axis in (V, AP))
        peaks.append(-vertical / (4 * np.pi))  # share of a stride at which cos(2·2π·s + angle) is largest
        brakes.append((np.pi / 2 - forward) / (4 * np.pi))
    stride_s = 2 * 60 / 104.8
    assert 0.045 <= np.median(peaks) * stride_s <= 0.085
    assert 0.01 <= np.median(brakes) * stride_s <= 0.055


def test_regularity_of_steps_and_strides_is_that_of_real_walks() -> None:
    # 58 walks of healthy people (Voisard): 10 % to 90 % are 0.65 to 0.92 for steps, 0.70 to 0.94 for strides
    found = []
    for seed in range(8):
        s = simulate([Stand(1.0), Walk((20.0,)), Stand(1.0)], Person.drawn(seed), sensor=PERFECT, seed=seed)
        when = contacts(s)
        vertical = body(s)[0][(s.time_s > when[3]) & (s.time_s < when[-3]), 0]
        step = float(np.median(np.diff(when))) * 104.0
        found.append((regularity(vertical, step), regularity(vertical, 2 * step)))
    for of_steps, low in zip(np.median(found, axis=0), (0.65, 0.65), strict=True):
        assert low <= of_steps <= 0.94


@pytest.mark.parametrize("speed_mps", [0.15, 0.4, 0.8, 1.2, 1.6, 2.0])
def test_any_speed_is_walked_at_its_usual_cadence(speed_mps: float) -> None:
    person = Person(stride_time_cv=0.02)
    s = simulate([Walk((max(4.0, 20 * speed_mps),), speed_mps=speed_mps)], person, sensor=PERFECT, seed=3)
    when = contacts(s)[2:-2]
    cadence = 60.0 / float(np.mean(np.diff(when)))
    assert cadence == pytest.approx(person.cadence_spm(speed_mps), rel=0.03)
    lengths = np.array(s.truth["step_lengths_m"])[2:-2]
    assert float(np.sum(lengths[1:]) / (when[-1] - when[0])) == pytest.approx(speed_mps, rel=0.08)


def test_stride_length_follows_speed_as_in_the_reference_values() -> None:
    for speed in (0.5, 0.8, 1.1):
        s = simulate([Walk((40.0,), speed_mps=speed)], Person(), sensor=PERFECT, seed=1)
        assert s.truth["walking_bouts"][0]["stride_length_m"] == pytest.approx(1.187 * speed**0.72, rel=0.15)


def test_the_vertical_amplitude_at_half_a_metre_per_second_is_that_of_slow_people() -> None:
    amplitudes = [gait(Person.drawn(seed), 0.5, seed, 20.0).amplitudes[V, 2] for seed in range(6)]
    assert 0.5 <= np.median(amplitudes) <= 1.2


def test_the_plan_has_the_variability_memory_and_asymmetry_asked_for() -> None:
    person = Person(stride_time_cv=0.04, stride_time_memory=0.5, asymmetry=0.2, step_length_cv=0.03)
    plan = plan_walk(Walk((1500.0,), speed_mps=1.1), person, "left", np.random.default_rng(5))
    steps = plan.runs[0].steps[3:-3]
    left, right = (np.array([s.time_s for s in steps if s.side == side]) for side in ("left", "right"))
    n = min(left.size, right.size)
    strides = left[:n] + right[:n]
    assert strides.std() / strides.mean() == pytest.approx(0.04, rel=0.12)
    assert (left.mean() - right.mean()) / (0.5 * strides.mean()) == pytest.approx(0.2, abs=0.02)


def test_step_length_comes_from_the_person_and_not_from_the_height_of_the_bounce() -> None:
    """The same steps with another step_factor: same truth, another signal; so no estimator meets its own model."""
    walks = [
        simulate([Walk((30.0,))], Person(step_factor=factor, step_factor_noise=0.0), sensor=PERFECT, seed=2)
        for factor in (1.0, 1.3)
    ]
    assert walks[0].truth["step_lengths_m"] == walks[1].truth["step_lengths_m"]
    bounce = [float(np.std(body(walk)[0][:, 0])) for walk in walks]
    assert bounce[0] > 1.2 * bounce[1]


def test_a_straight_is_exactly_as_long_as_asked() -> None:
    plan = plan_walk(Walk((37.0, Turn(90.0), 12.5)), Person(), "left", np.random.default_rng(0))
    steps = plan.runs[0].steps
    turn = plan.turns[0]
    before = [s.length_m for s in steps if s.contact_s <= turn.start_s]
    assert sum(before) == pytest.approx(37.0)


@pytest.mark.parametrize("angle_deg", [-360.0, -180.0, -45.0, 30.0, 90.0, 180.0])
@pytest.mark.parametrize("hesitations", [0, 2])
def test_the_gyroscope_integrates_to_the_angle_of_the_turn(angle_deg: float, hesitations: int) -> None:
    walk = Walk((4.0, Turn(angle_deg, 2.4, hesitations), 4.0))
    s = simulate([Stand(1.0), walk, Stand(1.5)], sensor=PERFECT, seed=4)
    yaw = np.rad2deg(np.trapezoid(body(s)[1][:, 0], s.time_s))
    assert yaw == pytest.approx(angle_deg, abs=3.0)
    assert [turn["angle_deg"] for turn in s.truth["turns"]] == [angle_deg]
    start, end = s.truth["turns"][0]["start_s"], s.truth["turns"][0]["end_s"]
    assert end - start == pytest.approx(2.4 + 0.5 * hesitations, abs=1e-3)


def test_a_turn_has_its_peak_rate_in_the_middle() -> None:
    s = simulate([Stand(1.0), Turn(180.0, 2.0), Stand(1.0)], Person(irregularity=0.05), sensor=PERFECT, seed=1)
    truth = s.truth["turns"][0]
    rate = body(s)[1][:, 0]
    smooth = np.convolve(rate, np.ones(41) / 41, "same")
    at = s.time_s[np.argmax(smooth)]
    assert at == pytest.approx((truth["start_s"] + truth["end_s"]) / 2, abs=0.25)
    assert smooth.max() == pytest.approx(2 * np.pi / 2.0, rel=0.15)


def test_somebody_who_tires_walks_slower_by_the_fatigue_asked_for() -> None:
    s = simulate([Walk((420.0,), speed_mps=1.1, fatigue=-0.3)], Person(step_length_cv=0.01), sensor=PERFECT, seed=1)
    when, lengths = contacts(s), np.array(s.truth["step_lengths_m"])
    minute = [lengths[(when > 60 * m) & (when <= 60 * (m + 1))].sum() for m in (0, 5)]
    assert minute[1] / minute[0] - 1 == pytest.approx(-0.3, abs=0.05)


@pytest.mark.parametrize("severity", [0.3, 1.0])
def test_a_stumble_jerks_the_trunk_and_changes_the_rhythm(severity: float) -> None:
    ratios = []
    for seed in range(6):
        walk = Walk((12.0, Stumble(severity), 12.0), speed_mps=1.1)
        s = simulate([Stand(1.0), walk, Stand(1.0)], Person(), sensor=PERFECT, seed=seed)
        truth = s.truth["stumbles"][0]
        jerk = np.gradient(body(s)[0][:, 0], s.time_s)
        inside = (s.time_s >= truth["time_s"]) & (s.time_s <= truth["recovery_s"] + 0.4)
        normal = [
            float(np.ptp(jerk[(s.time_s >= a) & (s.time_s < b)])) for a, b in itertools.pairwise(contacts(s)[4:14])
        ]
        ratios.append(float(np.ptp(jerk[inside])) / float(np.median(normal)))
        assert any(abs(c - truth["recovery_s"]) < 1e-3 for c in contacts(s))
        assert truth["severity"] == severity
    assert 2.5 <= np.median(ratios) <= 5.2
