import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { disableProvisioning } from "../provisioning/provisioning-off.ts";
import { now, openScimDatabase, person, type Tenant } from "../testing/scim-database.ts";
import { decideHeld } from "./guard-decision.ts";
import { followUpNextHold } from "./guard-hold.ts";
import { setGuard } from "./guard-settings.ts";
import { listHeldChanges } from "./held-change.ts";

const home = await openScimDatabase();
const other = await home.openAgain();
let tenant: Tenant;
let count = 0;
beforeEach(async () => {
  await home.rows("delete from mail");
  tenant = await home.newTenant(`mail${++count}`);
  await setGuard(home.database, tenant.context, true);
  for (let index = 0; index < 7; index++) {
    const { id } = await tenant.add(person(`p${index}@mail${count}.example`));
    await tenant.write(id, () => ({ active: false }));
  }
});

afterEach(() => setGuard(home.database, tenant.context, false));

const dayMs = 86_400_000;
const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);

async function mails(): Promise<readonly Record<string, unknown>[]> {
  const text = `select subject, body from mail where recipient = $1 and (subject like '%emovals%' or subject like '%removal that%') order by id`;
  return home.rows(text, [tenant.ownerEmail]);
}

/** Both processes send due reminders concurrently until none is due. */
async function bothRemind(at: Date): Promise<number> {
  let sent = 0;
  for (;;) {
    const found = await Promise.all(
      [home.database, other, home.database, other].map((one) => followUpNextHold(one, at)),
    );
    const done = found.filter(Boolean).length;
    if (done === 0) return sent;
    sent += done;
  }
}

// Owners must hear of a hold immediately and daily, from one process only.
describe("owners", () => {
  test("get a mail immediately, with the next steps", async () => {
    const [mail, ...more] = await mails();
    expect(more).toEqual([]);
    expect(mail?.["subject"]).toBe(`Rollcall has put removals in mail${count} on hold`);
    expect(mail?.["body"]).toContain("from more than 5 people within 15 minutes");
    expect(mail?.["body"]).not.toContain("keep their access");
    expect(mail?.["body"]).toContain("Provisioning > Mass-removal protection");
  });

  test("are reminded once a day while a change waits, by one of two processes", async () => {
    expect(await bothRemind(after(dayMs - 1))).toBe(0);
    expect(await bothRemind(after(dayMs))).toBe(1);
    expect(await bothRemind(after(dayMs + 1))).toBe(0);
    expect(await bothRemind(after(2 * dayMs))).toBe(1);
    const subjects = (await mails()).map(({ subject }) => subject);
    expect(subjects.slice(1)).toEqual(Array(2).fill(`Removals are still on hold: 2 removals in mail${count}`));
  });

  test("get a mail when a rejected removal is tried again, once a day for each person", async () => {
    const [held, other] = await listHeldChanges(home.database.sql, tenant.organizationId);
    if (held === undefined || other === undefined) throw new Error("Nothing is held.");
    await decideHeld(home.database, tenant.context, { decision: "rejected", ids: [held.id, other.id] });
    const tryAgain = async ({ memberId }: typeof held, at: Date): Promise<void> => {
      const outcome = await tenant.write(memberId, () => ({ active: false }), { now: at, requestId: "again" });
      expect(outcome).toMatchObject({ refusal: { kind: "guardRejected" } });
    };
    const told = async () => (await mails()).filter(({ subject }) => String(subject).includes("rejected"));
    await tryAgain(held, after(60_000));
    await tryAgain(held, after(120_000));
    await tryAgain(held, after(dayMs));
    expect(await told()).toHaveLength(1);
    expect((await told())[0]?.["body"]).toContain(`again asked to remove access or a role from ${held.name}.`);
    await tryAgain(other, after(dayMs));
    await tryAgain(held, after(dayMs + 60_000));
    expect(await told()).toHaveLength(3);
  });

  test("get that mail for a deletion too, which counts as a try of the rejected deactivation", async () => {
    const heldNow = () => listHeldChanges(home.database.sql, tenant.organizationId);
    const [held] = await heldNow();
    if (held === undefined) throw new Error("Nothing is held.");
    await decideHeld(home.database, tenant.context, { decision: "rejected", ids: [held.id] });
    const outcome = await tenant.write(held.memberId, "delete", { now: after(60_000), requestId: "again" });
    expect(outcome).toMatchObject({ refusal: { kind: "guardRejected" } });
    expect((await mails()).filter(({ subject }) => String(subject).includes("rejected"))).toHaveLength(1);
    const rows = (await heldNow()).filter(({ memberId }) => memberId === held.memberId);
    expect(rows).toMatchObject([{ kind: "member.deactivated", tries: held.tries + 1, requestId: "again" }]);
  });

  test("are not reminded of decided changes, nor when provisioning is off", async () => {
    const ids = (await listHeldChanges(home.database.sql, tenant.organizationId)).map(({ id }) => id);
    await decideHeld(home.database, tenant.context, { decision: "rejected", ids });
    expect(await bothRemind(after(5 * dayMs))).toBe(0);
    await disableProvisioning(home.database, tenant.context);
    expect(await bothRemind(after(5 * dayMs))).toBe(0);
    expect(await listHeldChanges(home.database.sql, tenant.organizationId)).toEqual([]);
  });
});
