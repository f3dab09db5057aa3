/** What the person answered before and after a test, and what was set up with it. */

import { useProtocols } from "../../clinic/useProtocols";
import type { Question, TestRun } from "../../wire/tests";

type Row = [name: string, answer: string];

const plain = (key: string): string => key.replaceAll("_", " ");

function answerWords(value: unknown, question: Question | undefined): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const word = question?.words[String(value)];
  return word === undefined ? String(value) : `${String(value)}, ${word}`;
}

function rowsOf(answers: Record<string, unknown>, questions: readonly Question[]): Row[] {
  return Object.entries(answers)
    .filter(([, value]) => value !== null && value !== "")
    .map(([key, value]) => {
      const question = questions.find((it) => it.key === key);
      return [question?.label ?? plain(key), answerWords(value, question)];
    });
}

export function Answers({ run }: { run: TestRun }) {
  const { protocols } = useProtocols();
  const protocol = protocols?.find((it) => it.id === run.protocol);
  const setUp = Object.entries(run.variants).map(([key, value]): Row => {
    const variant = protocol?.variants.find((it) => it.key === key);
    const choice = variant?.choices?.find((it) => it.value === value)?.label;
    return [variant?.label ?? plain(key), [choice ?? answerWords(value, undefined), variant?.unit].filter(Boolean).join(" ")];
  });
  return (
    <>
      <Part title="Set up with it" rows={setUp} />
      <Part title="Asked before" rows={rowsOf(run.before, protocol?.before ?? [])} />
      <Part title="Asked afterwards" rows={rowsOf(run.after, protocol?.after ?? [])} />
    </>
  );
}

function Part({ title, rows }: { title: string; rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <section class="result-part" aria-label={title}>
      <h3>{title}</h3>
      <dl class="answers">
        {rows.map(([name, answer]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{answer}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
