/** What is wrong with a field, told at once to whoever does not see it. */
export function FieldProblem({ problem }: { problem: { id: string; text: string } | undefined }) {
  if (!problem) return null;
  return (
    <p id={problem.id} className="field-problem" role="alert">
      {problem.text}
    </p>
  );
}
