import type { CallResource } from "@rollcall/domain";
import { readMoment, readText, type Search } from "../search.ts";

// Said again here, so that the rules of calls are not part of the first load.
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const resources = ["Users", "Groups", "Bulk", "Discovery", "Other"] as const satisfies readonly CallResource[];
const outcomes = ["refused", "notLetIn", "fault"] as const;

/** The filters of the list of calls as the address holds them; `follow`: new calls are shown at once. */
export type RequestsSearch = {
  readonly failed?: boolean;
  readonly outcome?: (typeof outcomes)[number];
  readonly memberId?: string;
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
  const [memberId, tokenId] = [readId(search["memberId"]), readId(search["tokenId"])];
  const [since, until] = [readMoment(search["since"]), readMoment(search["until"])];
  const text = readText(search["text"])?.slice(0, 200);
  return {
    ...(typeof search["failed"] === "boolean" ? { failed: search["failed"] } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    ...(memberId === undefined ? {} : { memberId }),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(method === undefined ? {} : { method }),
    ...(resource === undefined ? {} : { resource }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(text === undefined ? {} : { text }),
    ...(search["follow"] === true ? { follow: true } : {}),
  };
}

/** An id of ours; anything else would be refused as a whole. */
function readId(value: unknown): string | undefined {
  const text = readText(value);
  return text !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : undefined;
}
