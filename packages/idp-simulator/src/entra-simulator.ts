import { randomUUID } from "node:crypto";
import { connect, type ConnectionOptions } from "./connection.ts";
import { EntraGroups } from "./entra-groups.ts";
import { EntraPeople } from "./entra-people.ts";
import { type EntraDialect, entraHeaders } from "./entra-wire.ts";
import { ResourceClient } from "./resource-client.ts";
import { groupKind, userKind } from "./response-check.ts";

export type EntraSimulatorOptions = ConnectionOptions & { readonly dialect: EntraDialect };

/** A simulated Entra with its own directory and one enterprise app. */
export type EntraSimulator = {
  readonly people: EntraPeople;
  readonly groups: EntraGroups;
  /**
   * The two requests of "Test Connection": for an unknown person and an unknown group, so that only an empty list is
   * correct. A service that returns 404 for groups is called incompatible.
   */
  testConnection(): Promise<void>;
};

/** Throws a TypeError if the base is not a URL or the token not a header value; sends nothing yet. */
export function createEntraSimulator(options: EntraSimulatorOptions): EntraSimulator {
  const send = connect(options, (hasBody) => entraHeaders(options.token, hasBody));
  const people = new EntraPeople(new ResourceClient(send, userKind), options.dialect);
  const groups = new EntraGroups(new ResourceClient(send, groupKind), options.dialect);
  const testConnection = async (): Promise<void> => {
    await people.find("userName", randomUUID());
    await groups.find("displayName", randomUUID());
  };
  return { people, groups, testConnection };
}
