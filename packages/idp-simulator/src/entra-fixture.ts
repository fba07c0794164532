import { randomBytes } from "node:crypto";
import { createEntraSimulator, type EntraSimulator, type EntraSimulatorOptions } from "./entra-simulator.ts";

export type EntraRunOptions = Pick<
  EntraSimulatorOptions,
  "baseUrl" | "token" | "log" | "timeoutMs" | "retryWaitMaxMs"
> & {
  /** The domain of the test people's addresses; default `simulator.example`. */
  readonly domain?: string | undefined;
  /**
   * A part of their names, so that runs do not collide; default: random. Consecutive runs may share it: they then use
   * the same two people, and mass-removal protection counts no others.
   */
  readonly run?: string | undefined;
};

/** What the steps share: the people and the group of this run, and what to clean up. */
export type EntraFixture = {
  readonly entra: EntraSimulator;
  readonly domain: string;
  readonly run: string;
  readonly cleo: string;
  readonly dan: string;
  readonly group: string;
};

/** The people of a run, for the life cycle and the Validator. */
export function peopleOf(options: EntraRunOptions): { domain: string; run: string; cleo: string; dan: string } {
  const domain = options.domain ?? "simulator.example";
  const run = options.run ?? randomBytes(4).toString("hex");
  // The capitals are intended: a service must keep a userName as it was sent.
  return { domain, run, cleo: `Cleo.Entra.${run}@${domain}`, dan: `dan.entra.${run}@${domain}` };
}

/** Creates the people and the group of one run in the simulated Entra. */
export function entraFixture(options: EntraRunOptions & Pick<EntraSimulatorOptions, "dialect">): EntraFixture {
  const entra = createEntraSimulator(options);
  const { domain, run, cleo, dan } = peopleOf(options);
  const cleoId = entra.createPerson({
    userPrincipalName: cleo,
    mailNickname: `cleo.entra.${run}`,
    givenName: "Cleo",
    surname: "D'Entra",
    displayName: "Cleo D'Entra",
    jobTitle: "Tester",
    employeeId: "4711",
  });
  const danId = entra.createPerson({
    userPrincipalName: dan,
    mailNickname: `dan.entra.${run}`,
    givenName: "Dan",
    surname: "Ëntra",
    displayName: "Dan Ëntra",
  });
  return { entra, domain, run, cleo: cleoId, dan: danId, group: entra.createGroup(`Entra simulator ${run}`) };
}
