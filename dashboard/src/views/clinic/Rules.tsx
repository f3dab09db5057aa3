/** When to stop: shown before a test and after stopping one. */

export function Rules({ rules }: { rules: string[] }) {
  return (
    <ul class="clinic-rules">
      {rules.map((rule) => (
        <li key={rule}>{rule}</li>
      ))}
    </ul>
  );
}
