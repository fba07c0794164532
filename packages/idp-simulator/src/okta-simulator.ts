import { connect, type ConnectionOptions } from "./connection.ts";
import { OktaGroups } from "./okta-groups.ts";
import { OktaPeople } from "./okta-people.ts";
import { oktaHeaders, type OktaMode, oktaUserKind } from "./okta-wire.ts";
import { ResourceClient } from "./resource-client.ts";
import { groupKind } from "./response-check.ts";

export type OktaSimulatorOptions = ConnectionOptions & {
  /** The token is sent bare in `header-auth`, and after `Bearer ` in `wizard`. */
  readonly mode: OktaMode;
};

/** A simulated Okta with its own directory and one SCIM app. */
export type OktaSimulator = {
  readonly people: OktaPeople;
  readonly groups: OktaGroups;
  /** Okta's "Test API Credentials" and "Save". Returns how many users and groups the service reports. */
  testCredentials(): Promise<{ readonly people: number; readonly groups: number }>;
};

/** Throws a TypeError if the base is not a URL or the token not a header value; sends nothing yet. */
export function createOktaSimulator(options: OktaSimulatorOptions): OktaSimulator {
  const { mode, token } = options;
  const send = connect(options, (hasBody) => oktaHeaders(mode, token, hasBody));
  const people = new OktaPeople(new ResourceClient(send, oktaUserKind), mode);
  const groups = new OktaGroups(new ResourceClient(send, groupKind), mode);
  const testCredentials = async () => ({ people: await people.count(), groups: await groups.count() });
  return { people, groups, testCredentials };
}
