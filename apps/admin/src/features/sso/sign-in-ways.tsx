import { signInWords } from "@rollcall/domain";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { signInWaysQuery } from "./sso-queries.ts";

/** How many people can sign in and how, as counted now; nothing until it is known. */
export function SignInWays(): ReactNode {
  const ways = useQuery(signInWaysQuery);
  return ways.data === undefined ? null : signInWords(ways.data);
}
