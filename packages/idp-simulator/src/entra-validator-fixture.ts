import { connect } from "./connection.ts";
import { type EntraRunOptions, peopleOf } from "./entra-fixture.ts";
import { ValidatorRequests } from "./entra-validator-requests.ts";
import { entraHeaders } from "./entra-wire.ts";

type Remembered = { readonly userId?: string; readonly memberId?: string; readonly groupId?: string };

/** What the Validator's steps share. `cleo` and `dan` are userNames; the ids come from earlier steps. */
export type ValidatorFixture = {
  readonly requests: ValidatorRequests;
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

export function validatorFixture(options: EntraRunOptions): ValidatorFixture {
  const people = peopleOf(options);
  const requests = new ValidatorRequests(connect(options, (hasBody) => entraHeaders(options.token, hasBody)));
  let ids: Remembered = {};
  const idOf = (name: keyof Remembered): string => {
    const id = ids[name];
    if (id === undefined) throw new Error(`The step that gets the ${name} has not been played.`);
    return id;
  };
  return {
    ...people,
    requests,
    groupName: `Entra validator ${people.run}`,
    remember: (more) => {
      ids = { ...ids, ...more };
    },
    userId: () => idOf("userId"),
    memberId: () => idOf("memberId"),
    groupId: () => idOf("groupId"),
  };
}
