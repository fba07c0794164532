import type { SelfCheckStep } from "./self-check.ts";

type Run = {
  readonly organization: string;
  readonly provider: string;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly problem: string | null;
};

const marks = { passed: "ok  ", noted: "NOTE", failed: "FAIL" } as const;

/** A run as plain text: each step, its requests, responses and consequence. */
export function transcriptText(run: Run, steps: readonly SelfCheckStep[]): string {
  const head = [
    `Self-check of ${run.organization}, as ${run.provider}`,
    `Started ${run.startedAt} by ${run.startedBy}`,
    ...(run.problem === null ? [] : [`Cut off: ${run.problem}`]),
  ];
  return `${[...head, ...steps.flatMap(stepLines)].join("\n")}\n`;
}

function stepLines(step: SelfCheckStep): readonly string[] {
  return [
    "",
    `${marks[step.outcome]} ${step.part}: ${step.name} (${step.durationMs} ms)`,
    `     ${step.detail}`,
    ...(step.meaning === null ? [] : [`     What it means: ${step.meaning}`]),
    ...step.exchanges.flatMap(({ method, path, requestBody, status, responseBody, durationMs }) => [
      `     > ${method} ${path}`,
      ...indented(requestBody),
      `     < ${status === 0 ? "no response" : status} (${durationMs} ms)`,
      ...indented(responseBody),
    ]),
  ];
}

function indented(body: string | null): readonly string[] {
  return body === null ? [] : body.split("\n").map((line) => `       ${line}`);
}
