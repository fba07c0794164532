import type { Answer } from "./scim-client.ts";

/** Describes the error in a response; `undefined` if it is right. `body` is its parsed JSON. */
export type Check = (status: number, body: unknown) => string | undefined;

const samplesMax = 5;

/** The result of one measured window: the time of every response, and the wrong ones. */
export type Tally = {
  readonly times: number[];
  /** The number of wrong responses. */
  errors: number;
  /** The first few of them, in words. */
  readonly samples: string[];
};

export function newTally(): Tally {
  return { times: [], errors: 0, samples: [] };
}

/** Counts and checks the response; returns its parsed body if it is right. */
export function note(tally: Tally, step: string, answer: Answer, check: Check): unknown {
  tally.times.push(answer.ms);
  const body = parsed(answer.text);
  const wrong = formOf(answer, body) ?? check(answer.status, body);
  if (wrong === undefined) return body;
  tally.errors += 1;
  if (tally.samples.length < samplesMax)
    tally.samples.push(`${step}: ${wrong} (${answer.status} ${answer.text.slice(0, 200)})`);
  return undefined;
}

/** RFC 7644, section 3.1: every answer with a body is SCIM's JSON. */
function formOf(answer: Answer, body: unknown): string | undefined {
  if (answer.status === 0) return "no answer";
  if (answer.status === 204) return answer.text === "" ? undefined : "a body after 204";
  if (!answer.contentType.startsWith("application/scim+json")) return `content type ${answer.contentType}`;
  return body === undefined ? "not JSON" : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
