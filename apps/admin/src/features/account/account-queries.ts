import type { inferOutput } from "@trpc/tanstack-react-query";
import { api, refreshAll } from "../../api.ts";
import { forgetEverything, refresh } from "../../queries.ts";

export type Account = inferOutput<typeof api.account.get>;
export type Lock = NonNullable<Account["locks"]["leave"]>;
export type ListedSession = inferOutput<typeof api.account.sessions>[number];

export const accountQuery = api.account.get.queryOptions();
export const sessionsQuery = api.account.sessions.queryOptions();
export const exemptionsQuery = api.locks.exemptions.queryOptions();
export const mailsQuery = api.mail.list.queryOptions(undefined, { refetchInterval: 3000 });

export const renameMutation = api.account.rename.mutationOptions({ onSuccess: refreshAll });
export const startEmailChangeMutation = api.account.startEmailChange.mutationOptions({ onSuccess: refresh });
export const withdrawEmailChangeMutation = api.account.withdrawEmailChange.mutationOptions({ onSuccess: refresh });
export const confirmEmailChangeMutation = api.account.confirmEmailChange.mutationOptions({ onSuccess: refreshAll });
/** `gcTime: 0`: secrets are removed from memory with the form. */
export const changePasswordMutation = api.account.changePassword.mutationOptions({ gcTime: 0, onSuccess: refresh });
export const endOtherSessionsMutation = api.account.endOtherSessions.mutationOptions({ onSuccess: refresh });
export const leaveMutation = api.account.leave.mutationOptions({ onSuccess: forgetEverything });
export const beginTwoFactorMutation = api.twoFactor.begin.mutationOptions({ gcTime: 0 });
export const confirmTwoFactorMutation = api.twoFactor.confirm.mutationOptions({ gcTime: 0, onSuccess: refresh });
export const endTwoFactorMutation = api.twoFactor.end.mutationOptions({ gcTime: 0, onSuccess: refresh });
export const resetLinkQuery = (token: string) => api.forgottenPassword.check.queryOptions({ token }, { staleTime: 0 });
export const emailLinkQuery = (token: string) => api.account.checkEmailLink.queryOptions({ token }, { staleTime: 0 });
export const requestResetMutation = api.forgottenPassword.request.mutationOptions();
export const completeResetMutation = api.forgottenPassword.complete.mutationOptions({ gcTime: 0 });
export const setExemptionMutation = api.locks.setExemption.mutationOptions({ onSuccess: refresh });
