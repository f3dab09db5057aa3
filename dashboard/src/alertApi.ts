/** Alerts and care plans in the server's REST interface. */

import { json, send } from "./api";
import { readAlert, readSignal } from "./wire/alerts";
import { list, number, object } from "./wire/json";
import type { Alert, Budget, Care, CareWish, Signal, Week } from "./wire/alerts";

const alert = (id: string): string => `/alerts/${encodeURIComponent(id)}`;
const ofPerson = (person: string | null): string => (person === null ? "" : `person=${encodeURIComponent(person)}`);

export interface AlertsFound {
  total: number;
  alerts: Alert[];
}

export async function getAlerts(person: string | null, limit: number, signal?: AbortSignal): Promise<AlertsFound> {
  const found = object(await json<unknown>(`/alerts?limit=${limit}&${ofPerson(person)}`, signal));
  return { total: number(found["total"]), alerts: list(found["alerts"]).map(readAlert) };
}

export const getAlert = async (id: string, signal?: AbortSignal): Promise<Alert> => readAlert(await json<unknown>(alert(id), signal));

export const getSignal = async (id: string, signal?: AbortSignal): Promise<Signal> =>
  readSignal(await json<unknown>(`${alert(id)}/signal`, signal));

export const getWeeks = async (person: string | null, signal?: AbortSignal): Promise<Week[]> =>
  (await json<{ weeks: Week[] }>(`/alerts/counts?${ofPerson(person)}`, signal)).weeks;

export const getBudgets = async (person: string | null, signal?: AbortSignal): Promise<Budget[]> =>
  (await json<{ budgets: Budget[] }>(`/alerts/budget?${ofPerson(person)}`, signal)).budgets;

export const exportUrl = (person: string | null): string => `/api/alerts/export.csv?${ofPerson(person)}`;

const post = async (path: string, body: object, signal?: AbortSignal): Promise<Alert> =>
  readAlert(await send<unknown>("POST", path, body, signal));

export const answerAlert = (id: string, answer: "ok" | "help", signal?: AbortSignal): Promise<Alert> =>
  post(`${alert(id)}/answer`, { answer }, signal);

/** After "I'm OK": whether it was a fall. */
export const answerFell = (id: string, fell: boolean): Promise<Alert> => post(`${alert(id)}/answer`, { answer: "ok", fell });

export const takeAlert = (id: string, by: string): Promise<Alert> => post(`${alert(id)}/acknowledge`, { by });

export const tellOthers = (id: string, by: string): Promise<Alert> => post(`${alert(id)}/again`, { by });

export interface Ending {
  by: string;
  outcome: string;
  label?: string;
  note?: string;
}

export const resolveAlert = (id: string, ending: Ending): Promise<Alert> => post(`${alert(id)}/resolve`, ending);

export const callForHelp = (person: string, session_id: string | null, signal?: AbortSignal): Promise<Alert> =>
  post("/alerts/help", session_id === null ? { person } : { person, session_id }, signal);

export const testAlarm = (person: string): Promise<Alert> => post("/alerts/test", { person });

export const getCare = (person: string, signal?: AbortSignal): Promise<Care> =>
  json<Care>(`/care?person=${encodeURIComponent(person)}`, signal);

export const setCare = (wish: CareWish): Promise<Care> => send<Care>("PUT", "/care", wish);

export const snooze = (person: string, minutes: number, by: string, why: string): Promise<Care> =>
  send<Care>("POST", "/care/snooze", { person, minutes, by, why });

export const wake = (person: string): Promise<Care> =>
  send<Care>("DELETE", `/care/snooze?person=${encodeURIComponent(person)}`, {});
