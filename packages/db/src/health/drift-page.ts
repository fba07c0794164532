import { sql, type AliasedExpression, type OrderByItemBuilder } from "kysely";
import type { Queryable } from "../store/queryable.ts";

/** What is counted and listed at most, so that the cost is bounded; an export has everything. */
export const driftMax = 10_000;

/** `page` counts from 1; `search` matches name and user name as plain text, ignoring case. */
export type PageQuery<Sort extends string> = {
  readonly page: number;
  readonly pageSize: number;
  readonly search?: string | undefined;
  readonly sort?: Sort | undefined;
  readonly desc?: boolean | undefined;
};

export const direction = (desc: boolean) => (order: OrderByItemBuilder) =>
  desc ? order.desc().nullsLast() : order.asc().nullsFirst();

type Rows = { as(alias: "found"): AliasedExpression<object, "found"> };
export async function countRows(db: Queryable["db"], found: Rows): Promise<number> {
  const counted = db.selectFrom(found.as("found")).select(sql<number>`count(*)`.as("total"));
  return (await counted.executeTakeFirstOrThrow()).total;
}
