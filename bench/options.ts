import { parseArgs } from "node:util";

/** How a comparison is run. `seconds` is the length of one measured window. */
export type Options = {
  readonly rounds: number;
  readonly seconds: number;
  readonly users: number;
  readonly connections: number;
  readonly seed: number;
  /** Only this target, without ratios: to try one of them alone. */
  readonly only: string | undefined;
  /** Also published SCIM servers. */
  readonly peers: boolean;
};

/** Reads `--rounds 5 --seconds 4 --users 10000 --connections 8 --seed 42 --only ceiling --peers`. Throws a sentence on anything else. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      users: { type: "string", default: "10000" },
      connections: { type: "string", default: "8" },
      seed: { type: "string", default: "42" },
      only: { type: "string" },
      peers: { type: "boolean", default: false },
    },
  });
  return {
    rounds: whole("rounds", values.rounds, 1, 100),
    seconds: whole("seconds", values.seconds, 1, 600),
    users: whole("users", values.users, 1, 1_000_000),
    connections: whole("connections", values.connections, 1, 256),
    seed: whole("seed", values.seed, 0, 0xffff_ffff),
    only: values.only,
    peers: values.peers,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`--${name} must be a whole number from ${min} to ${max}.`);
}
