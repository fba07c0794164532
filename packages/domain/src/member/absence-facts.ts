import type { DescribedChange } from "../change/change.ts";

export type AbsentPerson = { readonly id: string; readonly name: string; readonly userName: string };

/** An entry of the change log, and when it was written. */
export type DatedChange = DescribedChange & { readonly at: Date };

/** A request that named the person and was refused before any rule was applied. `name`: the first name that it contains. */
export type RefusedRequest = {
  readonly id: string;
  readonly at: Date;
  readonly tokenName: string;
  readonly name: string;
  /** The `detail` of the error response, "" if unknown. */
  readonly detail: string;
};

/** The newest refusal by a rule (from the change log) and the newest before any rule (from the request log). */
export type RefusalsOf = { readonly change: DatedChange | null; readonly request: RefusedRequest | null };

/** The member with the requested address. */
export type PresentFacts = AbsentPerson & {
  readonly status: "active" | "inactive" | "awaiting";
  readonly isManaged: boolean;
  readonly isOwner: boolean;
  readonly isSsoExempt: boolean;
  /** The entry that led to this status: added, deactivated. */
  readonly entry: DatedChange | null;
};

/** All that one organization knows of an address; nothing of any other, nor whether there is an account elsewhere. */
export type AbsenceFacts = {
  /** As requested. */
  readonly address: string;
  readonly domain: string | null;
  readonly isDomainVerified: boolean;
  readonly isProvisioningOn: boolean;
  readonly keepsLocks: boolean;
  readonly isSsoRequired: boolean;
  readonly present: PresentFacts | null;
  /** A person of that name whose membership has ended, and the entry that ended it. */
  readonly former: (AbsentPerson & { readonly entry: DatedChange | null }) | null;
  readonly invitation: { readonly state: "open" | "suspended" | "expired" | "revoked"; readonly at: Date } | null;
  /** Refusals for this userName, address or local part. */
  readonly refusals: RefusalsOf;
  /** Refusals for a near spelling of it (`isNearSpelling`). */
  readonly nearRefusals: RefusalsOf;
  /** The provider's last look-up of this name, as far back as requests are kept. */
  readonly lookedFor: { readonly at: Date; readonly tokenName: string } | null;
  /** Members with a near spelling of the name. */
  readonly alike: readonly AbsentPerson[];
};

/** Where a next step is taken; the console has a link for each. */
export const nextPlaces = [
  "person",
  "reactivate",
  "invite",
  "domains",
  "provisioning",
  "sso",
  "requests",
  "guide",
] as const;
export type NextPlace = (typeof nextPlaces)[number];

export type NextStep = { readonly text: string; readonly place: NextPlace | null };

export const absenceKinds = [
  "here",
  "ssoOnly",
  "awaits",
  "inactive",
  "ended",
  "invited",
  "invitationOver",
  "refused",
  "lookedFor",
  "alike",
  "never",
] as const;

/** Why a person is not a member, or that they are: one sentence, its date, the person and the next step. */
export type Absence = {
  readonly kind: (typeof absenceKinds)[number];
  readonly text: string;
  readonly at: Date | null;
  readonly person: AbsentPerson | null;
  readonly next: NextStep | null;
  /** The refused request that the sentence describes; null if it comes from another source. */
  readonly scimRequestId: string | null;
};
