import { describe, expect, test } from "vitest";
import { accountActions, type AccountAction } from "./locked-action.ts";
import type { Contact, Refusal } from "../rule-error.ts";
import { lockAdvice, lockReasonMessage } from "../messages/lock-messages.ts";
import { checkLock, checkActionLock, type LockFacts } from "./member-lock.ts";

const [ada, grace, ken] = [contact("Ada"), contact("Grace"), contact("Ken")] as const;

function contact(name: string): Contact {
  return { name, email: `${name.toLowerCase()}@here.example` };
}

const here: LockFacts = {
  organizationId: "here",
  organizationName: "Here",
  isProvisioningOn: false,
  isKeptLocked: false,
  isExempt: false,
  isManaged: true,
  isOwner: false,
  isDomainOfAnother: false,
  owners: [ada, grace],
};
const there: LockFacts = { ...here, organizationId: "there", organizationName: "There", owners: [grace, ken] };

/** Every state that a person in two organizations can be in, as `this organization / another one`. */
const states: Readonly<Record<string, readonly LockFacts[]>> = Object.fromEntries(
  [null, "off", "on", "exempt", "kept"].flatMap((mine) =>
    [null, "off", "on", "exempt", "kept"].map((other) => [
      `${mine ?? "none"} / ${other ?? "none"}`,
      [...inState(here, mine), ...inState(there, other)],
    ]),
  ),
);

function inState(facts: LockFacts, state: string | null): readonly LockFacts[] {
  if (state === null) return [];
  const isKeptLocked = state === "kept";
  return [{ ...facts, isProvisioningOn: state !== "off" && !isKeptLocked, isKeptLocked, isExempt: state === "exempt" }];
}

function isAccountAction(text: string): text is AccountAction {
  return text in accountActions;
}

function matrix(): string {
  const rows = Object.keys(accountActions)
    .filter(isAccountAction)
    .flatMap((accountAction) =>
      Object.entries(states).map(([state, memberships]) => {
        const passed = checkLock(accountAction, "here", memberships);
        const answer = passed.ok ? "open" : answerOf(passed.error);
        return `${accountAction.padEnd(42)} ${state.padEnd(17)} ${answer}`;
      }),
    );
  return `${["action".padEnd(42), "here / elsewhere".padEnd(17), "answer"].join(" ")}\n${rows.join("\n")}\n`;
}

function answerOf({ action, holders, owners }: Refusal<"memberLocked">): string {
  const isKept = holders.every(({ reason }) => reason === "kept");
  const by = holders.map(({ name }) => name).join(" and ");
  return `${isKept ? "kept locked" : "locked"} (${action}) by ${by}; ask ${owners.map(({ name }) => name).join(", ")}`;
}

// Every action at once: changing a decision changes the approved file, where a reviewer sees it.
test("AR-63 AR-64 AR-65 AR-66 AR-67 AR-68 AR-69 every account action in every state is as approved", async () => {
  await expect(matrix()).toMatchFileSnapshot("member-lock.approved.txt");
});

// Rule 5b: once one organization has verified the domain, no other one can lock the credentials.
test.each([
  ["leave", ["Here"]],
  ["changeEmail", ["There"]],
  ["changePassword", ["There"]],
] as const)("rule 5b of an address whose domain There has verified, %s is locked by %j", (action, organizations) => {
  const facts = [
    { ...here, isProvisioningOn: true, isDomainOfAnother: true },
    { ...there, isProvisioningOn: true },
  ];
  const holders = organizations.map((name) => ({ name }));
  expect(checkActionLock(action, "here", facts)).toMatchObject({ ok: false, error: { holders } });
  expect(checkActionLock(action, "here", facts.slice(0, 1)).ok).toBe(action !== "leave");
});

describe("the message for a locked person", () => {
  const on = { ...here, isProvisioningOn: true };
  const kept = { ...here, isKeptLocked: true };
  test.each<[string, readonly LockFacts[], string, string]>([
    [
      "a managed member",
      [on],
      "The identity provider of Here manages your membership, so this is changed there.",
      "Ask an owner: Ada (ada@here.example) or Grace (grace@here.example).",
    ],
    [
      "an invited guest",
      [{ ...on, isManaged: false, owners: [ada] }],
      "Here locks this for every member while provisioning is on.",
      "Ask an owner: Ada (ada@here.example).",
    ],
    [
      "the only owner",
      [{ ...on, isManaged: false, isOwner: true, owners: [] }],
      "Here locks this for every member while provisioning is on.",
      "As an owner of Here, you can exempt yourself under Provisioning.",
    ],
    [
      "one of two owners",
      [{ ...on, isOwner: true, owners: [grace] }],
      "The identity provider of Here manages your membership, so this is changed there.",
      "As an owner of Here, you can exempt yourself under Provisioning, or ask another owner: Grace (grace@here.example).",
    ],
    [
      "a member who was kept locked",
      [{ ...kept, owners: [] }],
      "The owners of Here kept your membership locked when they turned provisioning off.",
      "Ask an owner.",
    ],
    [
      "a member of two organizations",
      [on, { ...there, isProvisioningOn: true, isManaged: false }],
      "The identity provider of Here manages your membership, so this is changed there. There locks this for every member while provisioning is on.",
      "Ask an owner: Ada (ada@here.example), Grace (grace@here.example), or Ken (ken@here.example).",
    ],
  ])("%s", (_who, facts, reason, advice) => {
    const locked = checkActionLock("changeEmail", "here", facts);
    if (locked.ok) throw new Error("Nothing is locked.");
    expect([lockReasonMessage(locked.error.holders), lockAdvice(locked.error)]).toEqual([reason, advice]);
  });
});
