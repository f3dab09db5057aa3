/** What the server says about people and their days; seconds and SI units, null for what is not known. */

export interface Calibration {
  position: string;
  /** Multiplies the measured length of a stride. */
  factor: number;
  pendulum_m: number | null;
  /** Error to expect of a calibrated distance, as a share of it. */
  error_share: number;
  walked_m: number;
  at: string;
}

/** A calibration after one more walk. */
export interface CalibrationDone extends Calibration {
  /** What was measured of this walk, without a calibration. */
  measured_m: number;
  strides: number;
}

export interface CalibrationWish {
  session_id: string;
  distance_m: number;
  start_s?: number;
  end_s?: number;
}

export interface PersonFacts {
  name: string;
  height_m: number | null;
  sensor_height_m: number | null;
  age_years: number | null;
  sex: string | null;
  condition: string | null;
  /** Whether freezing-like episodes are looked for. */
  freezes: boolean;
}

export interface Person extends PersonFacts {
  id: number;
  calibrations: Calibration[];
  sessions: number;
  last_seen_at: string | null;
}

export interface Usual {
  median: number;
  /** Half of the days lie between low and high. */
  low: number;
  high: number;
}

export interface UsualDay {
  days: number;
  recorded_s: Usual | null;
  walking_s: Usual | null;
  steps: Usual | null;
  bouts: Usual | null;
  longest_bout_s: Usual | null;
  median_speed_mps: Usual | null;
}

export interface DaySummary {
  /** YYYY-MM-DD, the local day. */
  date: string;
  recorded_s: number;
  walking_s: number | null;
  steps: number | null;
  bouts: number | null;
  longest_bout_s: number | null;
  median_speed_mps: number | null;
}

export interface LongestBout {
  session_id: string;
  start_s: number;
  duration_s: number;
  steps: number;
  speed_mps: number | null;
}

export interface LengthClass {
  from_s: number;
  to_s: number | null;
  bouts: number;
  walking_s: number;
}

export interface SpeedClass {
  from_mps: number;
  to_mps: number | null;
  walking_s: number;
}

export interface DaySession {
  id: string;
  started_at: string;
  duration_s: number;
  position: string;
  simulated?: boolean;
}

export interface Day extends DaySummary {
  distance_m: number | null;
  longest_bout: LongestBout | null;
  by_length: LengthClass[];
  speeds: SpeedClass[] | null;
  sessions: DaySession[];
  usual: UsualDay | null;
  days: DaySummary[];
}
