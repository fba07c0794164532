import { connect } from "./connection.ts";
import { type EntraRunOptions, playersOf } from "./entra-cast.ts";
import { ValidatorCalls } from "./entra-validator-calls.ts";
import { entraHeaders } from "./entra-wire.ts";

type Remembered = { readonly userId?: string; readonly memberId?: string; readonly groupId?: string };

/** What the Validator's steps share. `cleo` and `dan` are userNames; the ids come from earlier steps. */
export type ValidatorCast = {
  readonly calls: ValidatorCalls;
  readonly domain: string;
  readonly run: string;
  readonly cleo: string;
  readonly dan: string;
  readonly groupName: string;
  readonly remember: (ids: Remembered) => void;
  readonly userId: () => string;
  readonly memberId: () => string;
  readonly groupId: () => string;
};

export function castValidator(options: EntraRunOptions): ValidatorCast {
  const players = playersOf(options);
  const calls = new ValidatorCalls(connect(options, (hasBody) => entraHeaders(options.token, hasBody)));
  let ids: Remembered = {};
  const idOf = (name: keyof Remembered): string => {
    const id = ids[name];
    if (id === undefined) throw new Error(`The step that gets the ${name} has not been played.`);
    return id;
  };
  return {
    ...players,
    calls,
    groupName: `Entra validator ${players.run}`,
    remember: (more) => {
      ids = { ...ids, ...more };
    },
    userId: () => idOf("userId"),
    memberId: () => idOf("memberId"),
    groupId: () => idOf("groupId"),
  };
}
