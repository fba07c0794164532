import type { inferOutput } from "@trpc/tanstack-react-query";
import { api, refreshAll, refreshQueries } from "../../api.ts";

export type Sso = inferOutput<typeof api.sso.get>;
export type SsoConnection = NonNullable<Sso["connection"]>;
export type SsoExemption = Sso["exemptions"][number];
export type SsoReport = NonNullable<NonNullable<inferOutput<typeof api.sso.testReport>>["report"]>;

const pollMs = 1500;
const foundMax = 10;

export const ssoQuery = api.sso.get.queryOptions();
/** Never cached, as members and their passwords change. */
export const signInWaysQuery = api.sso.ways.queryOptions(undefined, { staleTime: 0 });

/** Polled until there is a report, or the test has expired after ten minutes. */
export const ssoTestQuery = (id: string) =>
  api.sso.testReport.queryOptions(
    { id },
    {
      refetchInterval: ({ state: { data } }) =>
        data === null || (data !== undefined && (data.report !== null || data.isExpired)) ? false : pollMs,
      refetchIntervalInBackground: true,
    },
  );

/** Members whose name or address contains the text. */
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
