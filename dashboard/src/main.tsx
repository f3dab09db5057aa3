/** Starts the pages. */

import { render } from "preact";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/live.css";
import "./styles/beside.css";
import "./styles/sessions.css";
import "./styles/replay.css";
import "./styles/gait.css";
import "./styles/people.css";
import "./styles/day.css";
import "./styles/clinic.css";
import "./styles/clinicRun.css";
import "./styles/tests.css";
import "./styles/watch.css";
import "./styles/testCharts.css";
import "./styles/testParts.css";
import "./styles/result.css";
import "./styles/alarm.css";
import "./styles/alarms.css";
import "./styles/care.css";
import { App } from "./app";

render(<App />, document.getElementById("app") as HTMLElement);
