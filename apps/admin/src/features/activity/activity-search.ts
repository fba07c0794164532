import type { ActorKind, ChangeArea } from "@rollcall/domain";
import { oneOf, readId, readMoment, readSearch, readTerm, readTrue, type Search } from "../../search.ts";

// Types only: the values would make the messages of the change log part of the first load.
const actors = ["token", "person", "operator", "system"] as const satisfies readonly ActorKind[];
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
] as const satisfies readonly ChangeArea[];

const readers = {
  refused: readTrue,
  /** The person an entry is about. */
  memberId: readId,
  who: oneOf(actors),
  tokenId: readId,
  /** The person who made the change. */
  byMemberId: readId,
  area: oneOf(areas),
  /** Possibly an unknown kind. */
  kind: readTerm(60),
  since: readMoment,
  until: readMoment,
  order: oneOf(["oldest"]),
};

/** The filters and the order of the change log in the address. */
export type ActivitySearch = ReturnType<typeof readActivitySearch>;

export const readActivitySearch = (search: Search) => readSearch(search, readers);
