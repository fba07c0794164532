import { api } from "../../api.ts";

/** Asked anew for each dialog: the second factor may have been turned on meanwhile. */
export const proofWaysQuery = api.session.proofWays.queryOptions(undefined, { staleTime: 0, gcTime: 0 });
export const proveMutation = api.session.prove.mutationOptions({ gcTime: 0 });
