import type { Answered, Asked, Breakage, Exchange } from "./breakage.ts";

type ExchangeTest = (exchange: Exchange) => boolean;
type Change = (answered: Answered, asked: Asked) => Answered;

/** A breakage of some answers, the others being passed on. */
export function when(holds: ExchangeTest, change: Change): NonNullable<Breakage["answer"]> {
  return (exchange) => (holds(exchange) ? change(exchange.answered, exchange.asked) : exchange.answered);
}

/** Was it a call with this method for a path like this? */
export function call(method: string, path: RegExp): ExchangeTest {
  return ({ asked }) => asked.method === method && path.test(asked.path);
}

/** Was it answered with one of these? */
export function status(...statuses: readonly number[]): ExchangeTest {
  return ({ answered }) => statuses.includes(answered.status);
}

/** Does the filter of the call look like this? */
export function filter(pattern: RegExp): ExchangeTest {
  return ({ asked }) => pattern.test(asked.query.get("filter") ?? "");
}
