import { randomBytes } from "node:crypto";
import { createOktaSimulator, type OktaSimulator, type OktaSimulatorOptions } from "./okta-simulator.ts";

/** What the steps share: the people and the group of this run, and what to clean up. */
export type OktaFixture = {
  readonly okta: OktaSimulator;
  readonly domain: string;
  readonly run: string;
  readonly ada: string;
  readonly ben: string;
  readonly group: string;
};

/** Creates the people and the group of one run in the simulated Okta, with new addresses and names each time. */
export function oktaFixture(options: OktaSimulatorOptions, domain: string): OktaFixture {
  const okta = createOktaSimulator(options);
  const run = randomBytes(4).toString("hex");
  // The capitals are intended: a service must keep a userName as it was sent.
  const ada = { login: `Ada.Simulator.${run}@${domain}`, givenName: "Ada", familyName: "O'Simulator" };
  const ben = { login: `ben.simulator.${run}@${domain}`, givenName: "Ben", familyName: "Šimůlátor" };
  const adaId = okta.createPerson(ada);
  const benId = okta.createPerson(ben);
  const group = okta.createGroup(`Simulator ${run}`, [adaId, benId]);
  return { okta, domain, run, ada: adaId, ben: benId, group };
}
