"""Row by row: steps out, excursions and undisturbed windows of somebody who stands."""

import math

from dsp.body import (
    ACC_X,
    AP,
    BODY_RATE_HZ,
    CONFIDENCE,
    COSINE,
    ML,
    SINE,
    TIME,
    UP_X,
    VALID,
    Floats,
    V,
)
from dsp.clinic.stance_record import (
    AGAIN_LED_MPS,
    APART_S,
    BLOW_LED_MPS,
    BLOW_MPS2,
    BLOW_S,
    CALM_MPS,
    CALM_MPS2,
    CALM_RMS_MPS2,
    CALM_S,
    DT,
    EASED_S,
    EXCURSION_OWN,
    EXCURSION_S,
    FOLLOWED_S,
    FREE,
    HOLDING,
    KEPT_ROWS,
    LEAK_S,
    LED_ROWS,
    LOUD_MPS,
    MOST_LANDINGS,
    NOTHING,
    OWN_LATE,
    OWN_LEAST_MPS,
    OWN_LEAST_MPS2,
    OWN_S,
    OWN_SHOCKS,
    OWN_SPEEDS,
    POSTURE,
    POSTURE_S,
    RECOVERY_S,
    RING,
    RUN_S,
    RUN_STEPS,
    SHOCK_LATE_S,
    SHOCK_MPS2,
    SHUT,
    SPEED_MPS,
    STILL,
    STILL_S,
    WAITING,
    WAKE,
    WATCH_AFTER_S,
)
from dsp.kernels import Record, kernel


@kernel
def follow(s: Record, first_index: int, rows: Floats, start: int) -> tuple[int, int]:
    """Takes rows from `start` on until something has to be decided; returns the next row and why it stopped."""
    for i in range(start, rows.shape[0]):
        row = rows[i]
        if s["started"] == 0 or first_index + i != s["next_index"]:
            begin(s, row)
            s["next_index"] = first_index + i
            if s["open"] == 1:
                s["shut_s"] = s["time_s"] + DT
                return i, SHUT
        s["next_index"] = first_index + i + 1
        time_s = row[TIME]
        s["time_s"] = time_s
        if row[VALID] < 0.5:
            s["hidden_s"] = time_s
        shock, speed = feel(s, row)
        landed = landing(s, time_s, shock, speed)
        if shock > SHOCK_MPS2 or speed > LOUD_MPS:
            s["loud_s"] = time_s
        phase = s["phase"]
        watched = phase == HOLDING and time_s < s["until_s"] + 1.0 and s["left"] == 0
        if watched:
            remember(s, time_s, speed, landed)
        if window(s, row, time_s, shock, speed, landed):
            return i + 1, SHUT
        if phase != FREE and time_s >= s["wake_s"]:
            return i + 1, WAKE
        still = s["rows"] >= STILL_S * BODY_RATE_HZ and time_s - s["loud_s"] >= STILL_S
        if phase == WAITING and still and time_s >= s["from_s"]:
            return i + 1, STILL
    return rows.shape[0], NOTHING


@kernel
def begin(s: Record, row: Floats) -> None:
    """The stream begins, or goes on after a break."""
    c, sine = row[COSINE], row[SINE]
    s["slow"][0], s["slow"][1], s["slow"][2] = row[V], c * row[AP] - sine * row[ML], sine * row[AP] + c * row[ML]
    s["velocity"][:] = 0.0
    s["eased"][:] = 0.0
    s["shocks"][:] = 0.0
    s["rows"] = 0
    s["high"] = 0
    if s["started"] == 0:
        s["blow_s"] = s["maybe_s"] = s["landing_s"] = s["loud_s"] = s["hidden_s"] = -math.inf
        s["own_speed"], s["own_shock"] = OWN_LEAST_MPS**2, OWN_LEAST_MPS2**2
        s["up"][:] = row[UP_X : UP_X + 3]
    else:
        s["hidden_s"] = row[TIME]
    s["started"] = 1


@kernel
def feel(s: Record, row: Floats) -> tuple[float, float]:
    """Shock from below in m/s², SHOCK_LATE_S late, and speed over the ground in m/s, from one row."""
    slow, velocity, eased, up = s["slow"], s["velocity"], s["eased"], s["up"]
    c, sine = row[COSINE], row[SINE]
    shocks, n = s["shocks"], s["rows"]
    square = 0.0
    shocks[n % 5] = row[V] - slow[0]
    slow[0] += DT / POSTURE_S * (row[V] - slow[0])
    for k in range(2):
        h = c * row[AP] - sine * row[ML] if k == 0 else sine * row[AP] + c * row[ML]
        slow[1 + k] += DT / POSTURE_S * (h - slow[1 + k])
        h -= slow[1 + k]
        square += h * h
        velocity[k] += DT * (h - velocity[k] / LEAK_S)
        eased[k] += DT / EASED_S * (velocity[k] - eased[k])
    for k in range(3):
        up[k] += DT / CALM_S * (row[UP_X + k] - up[k])
    square = min(square, 4.0 * CALM_RMS_MPS2**2)  # else a walk would be remembered for long
    s["moving"] += DT / CALM_S * (square - s["moving"])
    shock = (shocks[0] + shocks[1] + shocks[2] + shocks[3] + shocks[4]) / 5.0
    speed = math.hypot(eased[0], eased[1])
    if n >= OWN_LATE and s["time_s"] - s["landing_s"] > 2.0:
        late = (n - OWN_LATE) % RING
        share = DT / OWN_S
        s["own_speed"] += share * (max(s["speeds"][late], OWN_LEAST_MPS) ** 2 - s["own_speed"])
        s["own_shock"] += share * (max(abs(s["shock_past"][late]), OWN_LEAST_MPS2) ** 2 - s["own_shock"])
    s["speeds"][n % RING], s["shock_past"][n % RING] = speed, shock
    s["rows"] = n + 1
    return shock, speed


@kernel
def landing(s: Record, time_s: float, shock: float, speed: float) -> bool:
    """Whether a foot was put down just now."""
    was_high = s["high"] == 1
    high = shock > max(SHOCK_MPS2, OWN_SHOCKS * math.sqrt(s["own_shock"]))
    s["high"] = 1 if high else 0
    if time_s - s["maybe_s"] < FOLLOWED_S and moved(s, speed):
        return True
    if not high:
        return False
    led = speed
    for back in range(1, min(LED_ROWS, s["rows"])):
        led = max(led, s["speeds"][(s["rows"] - 1 - back) % RING])
    if shock > BLOW_MPS2 and led < (AGAIN_LED_MPS if time_s - s["blow_s"] < BLOW_S else BLOW_LED_MPS):
        s["blow_s"], s["maybe_s"] = time_s, -math.inf
    if was_high or time_s - s["landing_s"] < APART_S or time_s - s["blow_s"] < BLOW_S:
        return False
    s["maybe_s"] = time_s - SHOCK_LATE_S
    return moved(s, led)


@kernel
def moved(s: Record, speed: float) -> bool:
    """Makes the shock that waits a landing where the body moves over the ground this fast."""
    if speed < max(SPEED_MPS, OWN_SPEEDS * math.sqrt(s["own_speed"])):
        return False
    s["landing_s"] = s["maybe_s"]
    s["maybe_s"] = -math.inf
    return True


@kernel
def remember(s: Record, time_s: float, speed: float, landed: bool) -> None:
    """Counts steps out and excursions of a hold."""
    if landed:
        time_s = s["landing_s"]
        last_s = s["landings_s"][s["landings"] - 1] if s["landings"] > 0 else -math.inf
        s["run"] = s["run"] + 1 if time_s - last_s < RUN_S else 1
        if s["landings"] < MOST_LANDINGS:
            s["landings_s"][s["landings"]] = time_s
            s["landings"] += 1
        if s["run"] >= RUN_STEPS or s["landings"] == MOST_LANDINGS:
            s["left"] = 1
            s["wake_s"] = min(s["wake_s"], time_s + WATCH_AFTER_S)
    pending_s = s["pending_s"]
    if math.isnan(pending_s):
        large = speed > max(SPEED_MPS, EXCURSION_OWN * math.sqrt(s["own_speed"]))
        if large and time_s - s["landing_s"] > RECOVERY_S and time_s < s["until_s"]:
            s["pending_s"] = time_s
    elif time_s - pending_s > EXCURSION_S:
        s["pending_s"] = math.nan
        if s["landing_s"] < pending_s:
            s["excursions"] += 1
            if s["hidden_s"] > pending_s - 0.5 and math.isnan(s["doubtful_s"]):
                s["doubtful_s"] = pending_s


@kernel
def window(s: Record, row: Floats, time_s: float, shock: float, speed: float, landed: bool) -> bool:
    """Opens and fills the undisturbed window; True where it has to be shut, at `shut_s`."""
    phase = s["phase"]
    held = phase == HOLDING and s["left"] == 0 and time_s < s["until_s"]
    if phase == FREE and s["standing"] == 1 and not alike(s["up"], s["upright"]):
        s["standing"] = 0
    calm = phase == FREE and s["standing"] == 1 and time_s >= s["busy_s"]
    if calm:
        calm = abs(shock) < CALM_MPS2 and speed < CALM_MPS and s["moving"] < CALM_RMS_MPS2**2
        if not calm:
            s["loud_s"] = time_s
    if s["open"] == 1 and (landed or s["blow_s"] == time_s or (phase == FREE and not calm)):
        s["shut_s"] = s["landing_s"] - RECOVERY_S if landed else time_s - STILL_S
        return True
    rested = time_s - s["loud_s"] >= STILL_S and time_s - s["landing_s"] >= RECOVERY_S
    if s["open"] == 0 and (held or calm) and rested:
        open_window(s, time_s)
    if s["open"] == 1 and (held or calm):
        keep(s, row)
    return False


@kernel
def alike(up: Floats, upright: Floats) -> bool:
    """Whether two verticals are those of one posture."""
    along, one, other = 0.0, 0.0, 0.0
    for k in range(3):
        along += up[k] * upright[k]
        one += up[k] * up[k]
        other += upright[k] * upright[k]
    return along > POSTURE * math.sqrt(one * other)


@kernel
def open_window(s: Record, time_s: float) -> None:
    s["open"] = 1
    s["open_s"] = time_s
    s["kept"] = s["length"] = s["hidden_rows"] = 0
    s["facing"][:] = 0.0
    s["least_sure"] = 1.0


@kernel
def keep(s: Record, row: Floats) -> None:
    """Adds a row to the window, and to where forward is: the least-squares turn from sensed to body axes."""
    s["length"] += 1
    n = s["kept"]
    if n == KEPT_ROWS:
        return
    s["kept"] = n + 1
    acc, facing = s["acc"][n], s["facing"]
    acc[:] = row[ACC_X : ACC_X + 3]
    ux, uy, uz = row[UP_X], row[UP_X + 1], row[UP_X + 2]
    along = acc[0] * ux + acc[1] * uy + acc[2] * uz
    facing[0] += row[AP] * (acc[0] - along * ux) - row[ML] * (uy * acc[2] - uz * acc[1])
    facing[1] += row[AP] * (acc[1] - along * uy) - row[ML] * (uz * acc[0] - ux * acc[2])
    facing[2] += row[AP] * (acc[2] - along * uz) - row[ML] * (ux * acc[1] - uy * acc[0])
    s["least_sure"] = min(s["least_sure"], row[CONFIDENCE])
    if row[VALID] < 0.5:
        s["hidden_rows"] += 1
