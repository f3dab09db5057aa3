/** Questions, one at a time, each answered with one touch or skipped. */

import { useEffect, useState } from "preact/hooks";
import { say } from "../../clinic/sound";
import { BigButton } from "./BigButton";
import { Screen } from "./Screen";
import type { Answer, Answers, Question } from "../../wire/tests";

export function choicesOf(question: Question): { value: Answer; words: string }[] {
  if (question.kind === "yes_no") {
    return [
      { value: false, words: question.words["false"] ?? "No" },
      { value: true, words: question.words["true"] ?? "Yes" },
    ];
  }
  if (question.kind === "choice") return Object.entries(question.words).map(([value, words]) => ({ value, words }));
  const { min, max } = question;
  if (min === null || max === null) return [];
  return Array.from({ length: max - min + 1 }, (_, i) => ({ value: min + i, words: question.words[String(min + i)] ?? "" }));
}

interface Props {
  questions: Question[];
  onDone: (answers: Answers) => void;
}

export function Questions({ questions, onDone }: Props) {
  const [at, setAt] = useState(0);
  const [answers, setAnswers] = useState<Answers>({});
  const question = questions[at];
  const goOn = (answer: Answer | null): void => {
    if (question === undefined) return;
    const all = answer === null ? answers : { ...answers, [question.key]: answer };
    setAnswers(all);
    if (at + 1 < questions.length) setAt(at + 1);
    else onDone(all);
  };
  useEffect(() => {
    if (question) say(question.label);
  }, [question]);
  if (question === undefined) return null;
  return (
    <Screen key={question.key} title={question.label}>
      {questions.length > 1 && (
        <p class="clinic-small">
          Question {at + 1} of {questions.length}
        </p>
      )}
      <div class="clinic-answers" data-kind={question.kind} role="group" aria-label={question.label}>
        {choicesOf(question).map(({ value, words }) => (
          <BigButton key={String(value)} onPress={() => goOn(value)}>
            {question.kind === "scale" && <span class="clinic-score">{value}</span>}
            <span>{words}</span>
          </BigButton>
        ))}
      </div>
      <BigButton onPress={() => goOn(null)}>Skip this question</BigButton>
    </Screen>
  );
}
