import { randomBytes } from "node:crypto";
import { connect, type ConnectionOptions } from "./connection.ts";
import type { EntraGroup, EntraPerson } from "./entra-directory.ts";
import { createEntraSimulator, type EntraSimulator } from "./entra-simulator.ts";
import { ValidatorRequests } from "./entra-validator-requests.ts";
import { type EntraDialect, entraHeaders } from "./entra-wire.ts";
import type { OktaGroup, OktaPerson } from "./okta-directory.ts";
import { createOktaSimulator, type OktaSimulator } from "./okta-simulator.ts";
import type { OktaMode } from "./okta-wire.ts";

export type RunOptions = ConnectionOptions & {
  /** The domain of the test people's addresses; default `simulator.example`. */
  readonly domain?: string | undefined;
  /**
   * A part of their names, so that runs do not collide; default: random. Consecutive runs may share it: they then use
   * the same two people, and mass-removal protection counts no others.
   */
  readonly run?: string | undefined;
};

/** What the steps of a run share. */
type Run = { readonly domain: string; readonly run: string };

function runOf({ domain = "simulator.example", run = randomBytes(4).toString("hex") }: RunOptions): Run {
  return { domain, run };
}

/** The test people and the test group of a run in the simulated Okta. */
export type OktaFixture = Run & {
  readonly okta: OktaSimulator;
  readonly ada: OktaPerson;
  readonly ben: OktaPerson;
  readonly group: OktaGroup;
};

export function oktaFixture(options: RunOptions & { readonly mode: OktaMode }): OktaFixture {
  const okta = createOktaSimulator(options);
  const { domain, run } = runOf(options);
  // The capitals are intended: a service must keep a userName as it was sent.
  const adasLogin = `Ada.Simulator.${run}@${domain}`;
  const ada = okta.people.add({ login: adasLogin, givenName: "Ada", familyName: "O'Simulator" });
  const ben = okta.people.add({ login: `ben.simulator.${run}@${domain}`, givenName: "Ben", familyName: "Šimůlátor" });
  return { okta, domain, run, ada, ben, group: okta.groups.add(`Simulator ${run}`, [ada, ben]) };
}

/** The test people and the test group of a run in the simulated Entra. */
export type EntraFixture = Run & {
  readonly entra: EntraSimulator;
  readonly cleo: EntraPerson;
  readonly dan: EntraPerson;
  readonly group: EntraGroup;
};

export function entraFixture(options: RunOptions & { readonly dialect: EntraDialect }): EntraFixture {
  const entra = createEntraSimulator(options);
  const { domain, run } = runOf(options);
  const userNames = entraUserNames({ domain, run });
  const cleo = entra.people.add({
    userPrincipalName: userNames.cleo,
    mailNickname: `cleo.entra.${run}`,
    givenName: "Cleo",
    surname: "D'Entra",
    displayName: "Cleo D'Entra",
    jobTitle: "Tester",
    employeeId: "4711",
  });
  const dan = entra.people.add({
    userPrincipalName: userNames.dan,
    mailNickname: `dan.entra.${run}`,
    givenName: "Dan",
    surname: "Ëntra",
    displayName: "Dan Ëntra",
  });
  return { entra, domain, run, cleo, dan, group: entra.groups.add(`Entra simulator ${run}`) };
}

/** What the Validator's steps share: `cleo` and `dan` are userNames, and earlier steps set the ids. */
export type ValidatorFixture = Run & {
  readonly requests: ValidatorRequests;
  readonly cleo: string;
  readonly dan: string;
  readonly groupName: string;
  userId: string;
  memberId: string;
  groupId: string;
};

export function validatorFixture(options: RunOptions): ValidatorFixture {
  const requests = new ValidatorRequests(connect(options, (hasBody) => entraHeaders(options.token, hasBody)));
  const run = runOf(options);
  const ids = { userId: "", memberId: "", groupId: "" };
  return { requests, ...run, ...entraUserNames(run), groupName: `Entra validator ${run.run}`, ...ids };
}

/** The people of a run, for the life cycle and the Validator; the capitals as in `oktaFixture`. */
function entraUserNames({ domain, run }: Run): { readonly cleo: string; readonly dan: string } {
  return { cleo: `Cleo.Entra.${run}@${domain}`, dan: `dan.entra.${run}@${domain}` };
}
