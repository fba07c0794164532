import type { inferOutput } from "@trpc/tanstack-react-query";
import { api } from "../../api.ts";
import { refresh } from "../../queries.ts";

export type Domain = inferOutput<typeof api.domains.list>[number];

export const domainsQuery = api.domains.list.queryOptions();

export const addDomainMutation = api.domains.add.mutationOptions({ onSuccess: refresh });
/** A failed check is stored as well, so the list is refetched in any case. */
export const checkDomainMutation = api.domains.check.mutationOptions({ onSettled: refresh });
export const removeDomainMutation = api.domains.remove.mutationOptions({ onSuccess: refresh });
