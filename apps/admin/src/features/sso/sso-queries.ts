import type { inferOutput } from "@trpc/tanstack-react-query";
import { api, refreshAll, refreshQueries } from "../../api.ts";

export type Sso = inferOutput<typeof api.sso.get>;
export type SsoConnection = NonNullable<Sso["connection"]>;
export type SsoExemption = Sso["exemptions"][number];
export type SsoReport = NonNullable<NonNullable<inferOutput<typeof api.sso.testReport>>["report"]>;

const pollMs = 1500;
const foundMax = 10;

export const ssoQuery = api.sso.get.queryOptions();
/** Counted anew whenever a screen shows it: people come, and set passwords, without the owner. */
export const signInWaysQuery = api.sso.ways.queryOptions(undefined, { staleTime: 0 });

/** Asks again until the provider has answered or the test is too old, which is after ten minutes. */
export const ssoTestQuery = (id: string) =>
  api.sso.testReport.queryOptions(
    { id },
    {
      refetchInterval: ({ state: { data } }) =>
        data === null || (data !== undefined && (data.report !== null || data.isExpired)) ? false : pollMs,
      refetchIntervalInBackground: true,
    },
  );

/** Members whose name or address holds the text, for the list of exemptions. */
export const memberSearchQuery = (search: string) =>
  api.members.list.queryOptions(
    { search, status: "active", page: 1, pageSize: foundMax },
    { enabled: search.trim().length > 1 },
  );

export const configureSsoMutation = api.sso.configure.mutationOptions({ onSuccess: refreshAll });
export const removeSsoMutation = api.sso.remove.mutationOptions({ onSuccess: refreshAll });
export const setSsoRequiredMutation = api.sso.setRequired.mutationOptions({ onSuccess: refreshAll });
export const addExemptionMutation = api.sso.addExemption.mutationOptions({ onSuccess: refreshAll });
export const removeExemptionMutation = api.sso.removeExemption.mutationOptions({ onSuccess: refreshAll });
export const startSsoTestMutation = api.sso.startTest.mutationOptions({ gcTime: 0 });
export const findSsoMutation = api.sso.find.mutationOptions({ gcTime: 0 });

export const refreshSso = (): Promise<void> => refreshQueries(api.sso.get.queryFilter());
