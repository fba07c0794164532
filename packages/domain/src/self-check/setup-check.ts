import { formatCount } from "../messages/sentence.ts";
import { signInMessage, type SignInWays } from "../sso/sign-in-ways.ts";
import type { SelfCheckStep } from "./self-check.ts";

/** The settings of an organization that the provider's requests depend on. */
export type SetupCheckFacts = {
  readonly isEnabled: boolean;
  readonly defaultRole: { readonly name: string; readonly kind: string; readonly isDeleted: boolean } | null;
  readonly verifiedDomains: readonly string[];
  readonly signIn: SignInWays;
  readonly isGuardOn: boolean;
};

type Finding = Pick<SelfCheckStep, "name" | "outcome" | "detail" | "meaning">;

/** Checks of the settings, before the provider's first request. */
export function checkSetUp(facts: SetupCheckFacts): readonly Finding[] {
  return [provisioning(facts), defaultRole(facts), domains(facts), singleSignOn(facts), guard(facts)];
}

function provisioning({ isEnabled }: SetupCheckFacts): Finding {
  const name = "check that provisioning is on";
  if (isEnabled) return { name, outcome: "passed", detail: "Requests from the provider are accepted.", meaning: null };
  return {
    name,
    outcome: "noted",
    detail: "Provisioning is off. The checks run as if it were on.",
    meaning: "Until you turn it on, every request from the real provider is refused with 403.",
  };
}

function defaultRole({ defaultRole: role }: SetupCheckFacts): Finding {
  const name = "check the default role";
  if (role === null || role.isDeleted) {
    return {
      name,
      outcome: "failed",
      detail: role === null ? "No default role is chosen." : `The default role ${role.name} is deleted.`,
      meaning: "No one can be added: choose a default role under Provisioning.",
    };
  }
  if (role.kind === "custom") {
    return {
      name,
      outcome: "passed",
      detail: `People whom the provider adds get the role ${role.name}.`,
      meaning: null,
    };
  }
  return {
    name,
    outcome: "noted",
    detail: `People whom the provider adds get the role ${role.name}.`,
    meaning: "That is an owners’ role: everyone whom the provider assigns could change these settings.",
  };
}

function domains({ verifiedDomains }: SetupCheckFacts): Finding {
  const name = "check the verified domains";
  const [first] = verifiedDomains;
  if (first !== undefined) {
    const count = verifiedDomains.length;
    const others = count === 1 ? "" : ` and ${formatCount(count - 1, "more domain")}`;
    return { name, outcome: "passed", detail: `The organization has verified ${first}${others}.`, meaning: null };
  }
  return {
    name,
    outcome: "noted",
    detail: "No domain is verified.",
    meaning: "The provider cannot change anyone’s email address; verify your domain under Domains if it should.",
  };
}

function singleSignOn({ signIn }: SetupCheckFacts): Finding {
  const name = "check single sign-on";
  if (signIn.hasSso) return { name, outcome: "passed", detail: "Single sign-on is set up.", meaning: null };
  return {
    name,
    outcome: "noted",
    detail: "Single sign-on is not set up.",
    meaning: signInMessage(signIn),
  };
}

function guard({ isGuardOn }: SetupCheckFacts): Finding {
  const name = "check mass-removal protection";
  if (isGuardOn) return { name, outcome: "passed", detail: "Mass-removal protection is on.", meaning: null };
  return {
    name,
    outcome: "noted",
    detail: "Mass-removal protection is off.",
    meaning: "A mistake in the provider could remove everyone at once.",
  };
}
