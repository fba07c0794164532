import { readId, readMoment, readText, type Search } from "../../search.ts";

// Said again here, so that the words of the change log are not part of the first load.
const actors = ["token", "person", "operator", "system"] as const;
const areas = [
  "member",
  "role",
  "invitation",
  "token",
  "provisioning",
  "setup",
  "domain",
  "sso",
  "organization",
] as const;

/**
 * The filters and the order of the change log as the address holds them. `memberId`: what happened to that person;
 * `byMemberId`: what that person did; `tokenId`: what that token did; `kind` may be none that there is.
 */
export type ActivitySearch = {
  readonly refused?: true;
  readonly memberId?: string;
  readonly who?: (typeof actors)[number];
  readonly tokenId?: string;
  readonly byMemberId?: string;
  readonly area?: (typeof areas)[number];
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly order?: "oldest";
};

export function readActivitySearch(search: Search): ActivitySearch {
  const [memberId, byMemberId] = [readId(search["memberId"]), readId(search["byMemberId"])];
  const tokenId = readId(search["tokenId"]);
  const who = actors.find((known) => known === search["who"]);
  const area = areas.find((known) => known === search["area"]);
  const kind = readText(search["kind"])?.slice(0, 60);
  const [since, until] = [readMoment(search["since"]), readMoment(search["until"])];
  return {
    ...(search["refused"] === true ? { refused: true } : {}),
    ...(memberId === undefined ? {} : { memberId }),
    ...(who === undefined ? {} : { who }),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(byMemberId === undefined ? {} : { byMemberId }),
    ...(area === undefined ? {} : { area }),
    ...(kind === undefined ? {} : { kind }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(search["order"] === "oldest" ? { order: "oldest" } : {}),
  };
}
