import { meaningOfFailure, type SelfCheckExchange, type SelfCheckStep } from "@rollcall/domain";
import type { Exchange, LifeCycleStep } from "@rollcall/idp-simulator";

const bodyLengthMax = 6000;
const exchangesMax = 60;

export type Transcript = {
  /** Records one request; at most 60 of a step are kept. */
  note(exchange: Exchange): void;
  /** Ends the step of these requests. */
  close(part: string, step: LifeCycleStep): SelfCheckStep;
};

/** Collects the requests of each step, with paths instead of the private addresses of the sandbox's service. */
export function transcriptOf(baseUrl: string): Transcript {
  let exchanges: SelfCheckExchange[] = [];
  return {
    note(exchange) {
      if (exchanges.length < exchangesMax) exchanges.push(toExchange(exchange, baseUrl));
    },
    close(part, { name, ok, detail, durationMs }) {
      const meaning = ok ? null : meaningOfFailure(exchanges.at(-1));
      const outcome = ok ? ("passed" as const) : ("failed" as const);
      const said = printable(detail.replaceAll(baseUrl, "")).slice(0, bodyLengthMax);
      const closed = { part, name, outcome, detail: said, meaning, durationMs, exchanges };
      exchanges = [];
      return closed;
    },
  };
}

function toExchange(exchange: Exchange, baseUrl: string): SelfCheckExchange {
  const { method, url, requestBody, status, responseBody, durationMs } = exchange;
  const path = url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url;
  return { method, path, requestBody: bodyText(requestBody), status, responseBody: bodyText(responseBody), durationMs };
}

function bodyText(body: unknown): string | null {
  if (body === undefined) return null;
  const text = printable(typeof body === "string" ? body : JSON.stringify(body, null, 2));
  const rest = text.length - bodyLengthMax;
  return rest > 0 ? `${text.slice(0, bodyLengthMax)}\n… ${rest} more characters` : text;
}

/** PostgreSQL cannot store NUL. */
function printable(text: string): string {
  return text.replaceAll("\u0000", "�");
}
