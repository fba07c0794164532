import { signInMessage } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { signInWaysQuery } from "./sso-queries.ts";

/** The number of people by sign-in method; nothing while it loads. */
export function SignInWays(): ReactNode {
  const ways = useQuery(signInWaysQuery);
  return ways.data === undefined ? null : signInMessage(ways.data);
}
