import { expect, test } from "vitest";
import { doors, type Door } from "./locked-action.ts";
import { passDoor, passLock, type LockFacts } from "./member-lock.ts";

const here: LockFacts = {
  organizationId: "here",
  organizationName: "Here",
  isProvisioningOn: false,
  isKeptLocked: false,
  isExempt: false,
  isDomainOfAnother: false,
  owners: ["Ada", "Grace"],
};
const there: LockFacts = { ...here, organizationId: "there", organizationName: "There", owners: ["Grace", "Ken"] };

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

function isDoor(text: string): text is Door {
  return text in doors;
}

function matrix(): string {
  const rows = Object.keys(doors)
    .filter(isDoor)
    .flatMap((door) =>
      Object.entries(states).map(([state, memberships]) => {
        const passed = passDoor(door, "here", memberships);
        const answer = passed.ok
          ? "open"
          : `${passed.error.isKept ? "kept locked" : "locked"} (${passed.error.action}) by ${passed.error.organizations.join(" and ")}; ask ${passed.error.owners.join(", ")}`;
        return `${door.padEnd(42)} ${state.padEnd(17)} ${answer}`;
      }),
    );
  return `${["door".padEnd(42), "here / elsewhere".padEnd(17), "answer"].join(" ")}\n${rows.join("\n")}\n`;
}

// Guards every door at once: whoever changes a decision changes the approved file, where a reviewer sees it.
test("AR-63 AR-64 AR-65 AR-66 AR-67 AR-68 AR-69 every door in every state is as approved", async () => {
  await expect(matrix()).toMatchFileSnapshot("member-lock.approved.txt");
});

// Guards rule 5b: once the domain is verified, an organization that only has the address on its list holds no credential.
test.each([
  ["leave", ["Here"]],
  ["changeEmail", ["There"]],
  ["changePassword", ["There"]],
] as const)("rule 5b of an address whose domain There has verified, %s is locked by %j", (action, organizations) => {
  const facts = [
    { ...here, isProvisioningOn: true, isDomainOfAnother: true },
    { ...there, isProvisioningOn: true },
  ];
  expect(passLock(action, "here", facts)).toMatchObject({ ok: false, error: { organizations } });
  expect(passLock(action, "here", facts.slice(0, 1)).ok).toBe(action !== "leave");
});
