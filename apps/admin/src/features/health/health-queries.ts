import { keepPreviousData } from "@tanstack/react-query";
import type { inferOutput } from "@trpc/tanstack-react-query";
import { api } from "../../api.ts";
import { pageSize } from "../../queries.ts";
import type { Order } from "../../search.ts";
import type { HolderSort, PeopleKind, PeopleSort } from "./health-search.ts";

export type Health = inferOutput<typeof api.health.get>;
export type RequestHour = Health["hours"][number];
export type DriftCounts = inferOutput<typeof api.health.drift>;
export type DriftPerson = inferOutput<typeof api.health.driftPeople>["people"][number];
export type DriftHolder = inferOutput<typeof api.health.driftHolders>["holders"][number];

/** Refetched so that the provider's requests appear while the owner waits. */
export const healthQuery = api.health.get.queryOptions(undefined, { refetchInterval: 15_000 });

/** The summary shown on other screens. */
export const healthStateQuery = api.health.state.queryOptions(undefined, { refetchInterval: 30_000 });

export const driftQuery = api.health.drift.queryOptions();

/** A page of a list, as it is searched and sorted. */
export type DriftInput<Sort extends string> = Order<Sort> & { readonly page: number; readonly search?: string };

/** The previous page stays on screen while the next one loads. */
export const driftPeopleQuery = (kind: PeopleKind, input: DriftInput<PeopleSort>) =>
  api.health.driftPeople.queryOptions({ kind, pageSize, ...input }, { placeholderData: keepPreviousData });

export const driftHoldersQuery = (input: DriftInput<HolderSort>) =>
  api.health.driftHolders.queryOptions({ pageSize, ...input }, { placeholderData: keepPreviousData });
