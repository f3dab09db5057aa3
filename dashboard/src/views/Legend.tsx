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
          <dt>Speed</dt>
          <dd>
            How fast the last half minute of walking went. The number behind ± is the average error to expect: often it is
            less, sometimes twice as much.
          </dd>
        </div>
        <div>
          <dt>Stride variability</dt>
          <dd>How much one stride’s time differs from the next, in per cent of a stride. It needs at least ten strides; how many it rests on stands below.</dd>
        </div>
        <div>
          <dt>Step asymmetry</dt>
          <dd>How much the two feet’s step times differ. It does not say which foot is the slower one; the bar of left and right does, where the sides are known.</dd>
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
          <dt>
            <svg class="legend-sign" viewBox="0 0 24 16" aria-hidden="true">
              <rect class="sign-turn" y="12" width="24" height="4" />
            </svg>
            Turn
          </dt>
          <dd>The wearer turned round, to the left or to the right, by about so many degrees. It is known two to three seconds after its end.</dd>
        </div>
        <div>
          <dt>Stride times</dt>
          <dd>
            One sign for every stride of the last two minutes: the higher, the slower the stride. An even rhythm is a flat
            line; a pause is a gap. A hollow sign at the edge: a contact was probably missed.
          </dd>
        </div>
        <div>
          <dt>Quality of a walk</dt>
          <dd>How far its figures can be trusted: good, fair or poor. Open it to read why.</dd>
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
