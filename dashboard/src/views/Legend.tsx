/** What the numbers and the signs in the chart mean. */

export function Legend() {
  return (
    <details class="legend">
      <summary>What do these numbers mean?</summary>
      <dl>
        <div>
          <dt>Cadence</dt>
          <dd>Steps per minute, from the last few steps. A dash means that nobody is walking or that it is not known yet.</dd>
        </div>
        <div>
          <dt>Steps</dt>
          <dd>All steps found since this session began. A step that turns out to be none is taken off again.</dd>
        </div>
        <div>
          <dt>Walking now</dt>
          <dd>How long the present stretch of walking has lasted, with its steps and average cadence.</dd>
        </div>
        <div>
          <dt>Up–down, side, forward</dt>
          <dd>
            How the body speeds up and slows down in each direction, seen from the wearer; gravity is taken out. Upward in
            the chart is up, to the wearer’s left, and forward. A break in a line: nothing was received.
          </dd>
        </div>
        <div>
          <dt>
            <svg class="legend-sign" viewBox="0 0 24 16" aria-hidden="true">
              <path class="sign-step" d="M12 3v13" />
              <path class="sign-step-fill" d="M14 0 9 4l5 4Z" />
            </svg>
            Step
          </dt>
          <dd>A foot touched the ground. The arrow points to the foot’s side, left or right; a dot means the side is not known.</dd>
        </div>
        <div>
          <dt>
            <svg class="legend-sign" viewBox="0 0 24 16" aria-hidden="true">
              <rect class="sign-bout" width="24" height="16" rx="2" />
            </svg>
            Walking bout
          </dt>
          <dd>The shaded stretch: several steps one after another.</dd>
        </div>
        <div>
          <dt>Packets lost</dt>
          <dd>The part of the sensor’s messages that never arrived. Below 1 % is fine.</dd>
        </div>
      </dl>
      <p>Surefoot measures; it does not diagnose. Talk to your therapist or doctor about what the numbers mean for you.</p>
    </details>
  );
}
