import { expectError } from "../assertion.ts";
import type { Cast } from "../cast.ts";
import type { PersonNumber } from "../cast-roles.ts";
import type { Check } from "../check.ts";
import { castFound, expectPeople, peopleFound } from "./people-found.ts";

export const filterClause = "RFC 7644 section 3.4.2.2";

export type FilterCase = {
  readonly id: string;
  readonly title: string;
  readonly clause?: string;
  readonly filter: (cast: Cast) => string;
  /** Whom of the cast it finds. */
  readonly finds: readonly PersonNumber[];
  /** The filter finds nobody but people of the cast, and is sent as it is. */
  readonly isWhole?: true;
};

/** The check that a filter finds these people of the cast and no other of them. */
export function filterCheck({ id, title, clause = filterClause, filter, finds, isWhole }: FilterCase): Check {
  return {
    id,
    clause,
    title,
    needs: "filter",
    run: async (target) => {
      const query = { filter: filter(target.cast) };
      expectPeople(await (isWhole === true ? peopleFound(target, query) : castFound(target, query)), finds);
    },
  };
}

/** The check that a filter is 400 invalidFilter. */
export function invalidFilterCheck(id: string, title: string, filter: string): Check {
  return {
    id,
    clause: "RFC 7644 section 3.12",
    title,
    needs: "filter",
    run: async (target) => expectError(await target.get("/Users", { filter }), 400, "invalidFilter"),
  };
}

/** A text as a filter writes it. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
