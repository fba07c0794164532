import { describe, expect, test } from "vitest";
import { confirmEmailChange, startEmailChange } from "../account/email-challenge.ts";
import type { Session } from "../session/session.ts";
import { acceptInvitation, readInvitation } from "../invitation/invitation-accept.ts";
import { sendInvitation } from "../invitation/invitation-send.ts";
import { accountIdOf, now, openScimDatabase, person, request } from "../testing/scim-database.ts";

const home = await openScimDatabase();
const acme = await home.newTenant("Acme");
const other = await home.newTenant("Other");
// Provisioning is off there, so that no address or password is locked.
await home.rows("update provisioning set is_enabled = false where organization_id = $1", [other.organizationId]);

let count = 0;
const fresh = (): string => `mailed${++count}@acme.example`;
const password = "four words on a wall";
const browser = { userAgent: null, ip: null };

/** Invites a person to the other organization; returns the link's text. */
async function invited(email: string): Promise<string> {
  let token = "";
  const linkTo = (text: string): string => (token = text);
  expect((await sendInvitation(home.database, other.context, { email, roleIds: [], linkTo })).ok).toBe(true);
  return token;
}
const accept = (token: string) =>
  acceptInvitation(home.database, { token, name: "Old", password }, undefined, browser, request);

/** A person signed in to the other organization. */
async function signedInThere(email: string): Promise<Session> {
  const accepted = await accept(await invited(email));
  if (!accepted.ok) throw new Error(accepted.error.kind);
  const [row] = await home.rows("select id from account where email = $1", [email]);
  return other.sessionOf(String(row?.["id"]));
}

async function askedFor(session: Session, email: string): Promise<string> {
  let token = "";
  const linkTo = (text: string): string => (token = text);
  const asked = await startEmailChange(home.database, session, { email, linkTo }, request);
  if (!asked.ok) throw new Error(asked.error.kind);
  return token;
}

/** Confirms a change of address; returns the result and the link that reverts it. */
async function confirmed(token: string): Promise<{ readonly answer: unknown; readonly undo: string }> {
  let undo = "";
  const undoLinkTo = (text: string): string => (undo = text);
  const outcome = await confirmEmailChange(home.database, { token, undoLinkTo }, request);
  return { answer: outcome.ok ? "moved" : outcome.error.kind, undo };
}

const passwordOf = async (accountId: string | null): Promise<unknown> =>
  (await home.rows("select password_hash as hash from account where id = $1", [accountId]))[0]?.["hash"];

/** The ways for the directory to give an address to another person; each returns the member. */
const ways = [
  ["a POST", async (email: string) => (await acme.add(person(email, { externalId: email }))).id],
  [
    "a POST after a removed person's",
    async (email: string) => {
      const { id } = await acme.add(person(email, { externalId: `${email}-1` }));
      await acme.write(id, "delete");
      return (await acme.add(person(email, { externalId: `${email}-2` }))).id;
    },
  ],
  [
    "a hand-over",
    async (email: string) => {
      const { id } = await acme.add(person(fresh(), { externalId: `${email}-1` }));
      await acme.write(id, () => ({ active: false }));
      const change = { active: true, externalId: `${email}-2`, userName: email };
      await acme.write(id, () => change);
      return id;
    },
  ],
  [
    "a rename",
    async (email: string) => {
      const { id } = await acme.add(person(fresh()));
      await acme.write(id, () => ({ userName: email }));
      return id;
    },
  ],
] as const;

// A person who has read mails to an address must not get access as its new holder.
describe.each(ways)("rule 5a %s ends what was mailed to the address before", (_, give) => {
  test("an invitation of another organization", async () => {
    const email = fresh();
    const token = await invited(email);
    await give(email);
    expect(await readInvitation(home.database, token, undefined, now)).toMatchObject({ error: { kind: "linkEnded" } });
    expect(await accept(token)).toMatchObject({ error: { kind: "linkEnded" } });
  });

  test("a change of another account's address to it, and the link that reverts it", async () => {
    const [email, next] = [fresh(), fresh()];
    const session = await signedInThere(email);
    const { answer, undo } = await confirmed(await askedFor(session, `private${count}@home.example`));
    expect(answer).toBe("moved");
    const change = await askedFor(await signedInThere(`old${count}@home.example`), next);
    await acme.write(await give(email), "delete");
    await acme.write(await give(next), "delete");
    expect((await confirmed(undo)).answer).toBe("linkEnded");
    expect((await confirmed(change)).answer).toBe("linkEnded");
  });
});

test("rule 5a an invitation of another organization does not set a locked password: the person signs in", async () => {
  const email = fresh();
  const member = await acme.add(person(email));
  const token = await invited(email);
  expect(await readInvitation(home.database, token, undefined, now)).toMatchObject({ value: { way: "signIn" } });
  expect(await accept(token)).toMatchObject({ error: { kind: "invitationForOther" } });
  expect(await passwordOf(accountIdOf(member))).toBeNull();
});
