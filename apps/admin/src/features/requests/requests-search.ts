import type { RequestResource } from "@rollcall/domain";
import { readId, readMoment, readText, type Search } from "../../search.ts";

// Said again here, so that the rules of calls are not part of the first load.
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const resources = ["Users", "Groups", "Bulk", "Discovery", "Other"] as const satisfies readonly RequestResource[];
const outcomes = ["refused", "notLetIn", "fault"] as const;
const orders = ["oldest", "slowest"] as const;

/**
 * The filters and the order of the list of calls as the address holds them, newest first where it says nothing. `follow`: new
 * calls are shown at once, which only the newest can be.
 */
export type RequestsSearch = {
  readonly failed?: boolean;
  readonly outcome?: (typeof outcomes)[number];
  readonly order?: (typeof orders)[number];
  readonly memberId?: string;
  readonly roleId?: string;
  readonly tokenId?: string;
  readonly method?: (typeof methods)[number];
  readonly resource?: (typeof resources)[number];
  readonly since?: string;
  readonly until?: string;
  readonly text?: string;
  readonly follow?: true;
};

export function readRequestsSearch(search: Search): RequestsSearch {
  const outcome = outcomes.find((known) => known === search["outcome"]);
  const method = methods.find((known) => known === search["method"]);
  const resource = resources.find((known) => known === search["resource"]);
  const order = orders.find((known) => known === search["order"]);
  const [memberId, roleId, tokenId] = [search["memberId"], search["roleId"], search["tokenId"]].map(readId);
  const [since, until] = [readMoment(search["since"]), readMoment(search["until"])];
  const text = readText(search["text"])?.slice(0, 200);
  return {
    ...(typeof search["failed"] === "boolean" ? { failed: search["failed"] } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    ...(order === undefined ? {} : { order }),
    ...(memberId === undefined ? {} : { memberId }),
    ...(roleId === undefined ? {} : { roleId }),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(method === undefined ? {} : { method }),
    ...(resource === undefined ? {} : { resource }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(text === undefined ? {} : { text }),
    ...(search["follow"] === true && order === undefined ? { follow: true } : {}),
  };
}
