import {
  admissionOf,
  finishSsoTest,
  findSsoConnection,
  isOpenSsoTest,
  isRestarting,
  signInBySso,
  type Browser,
  type Database,
  type SsoConnection,
} from "@rollcall/db";
import { judgeAssertion, localPathOf, reportOf, type AssertionFacts, type SsoProblem } from "@rollcall/domain";
import type { SamlAnswer } from "./saml-response.ts";
import { serviceProviderOf } from "./service-provider.ts";
import type { XmlReader } from "./xml-reader.ts";

/** A response that a browser has carried from an identity provider, and its time. */
export type Delivery = {
  readonly organizationId: string;
  readonly response: string;
  /** The target path of a sign-in that the identity provider started; untrusted. */
  readonly relayState: string | undefined;
  readonly browser: Browser;
  readonly now: Date;
  readonly requestId: string;
};

export type Outcome =
  | { readonly kind: "signedIn"; readonly cookie: string; readonly path: string }
  /** The identity provider started the sign-in: nobody is signed in; `path` is where our own request starts. */
  | { readonly kind: "unsolicited"; readonly path: string }
  | { readonly kind: "tested"; readonly testId: string }
  | { readonly kind: "refused"; readonly problem: SsoProblem };

type Means = { readonly database: Database; readonly xmlReader: XmlReader; readonly publicAppUrl: string };
type Judged = ReturnType<typeof judgeAssertion> & { readonly facts: AssertionFacts };

/**
 * Processes a SAML response: signs the person in if this browser has requested it, stores the report of a test, or
 * refuses and changes nothing. An unrequested response is verified, and then requested.
 */
export async function consumeResponse(
  { database, xmlReader, publicAppUrl }: Means,
  delivery: Delivery,
): Promise<Outcome> {
  const { organizationId, now, browser } = delivery;
  const connection = await findSsoConnection(database.sql, organizationId);
  if (connection === undefined) return { kind: "refused", problem: "notConfigured" };
  const provider = serviceProviderOf(publicAppUrl, organizationId);
  const { signInUrl, certificates } = connection;
  const task = { provider, connection: { signInUrl, certificates }, encoded: delivery.response };
  const response = await xmlReader.verifyResponse(task, browser.ip ?? "unknown");
  if (response === "busy") return { kind: "refused", problem: "busy" };
  const expected = { issuer: connection.entityId, audience: provider.entityId, recipient: provider.acsUrl };
  const judged = response.isSigned
    ? { facts: response.facts, ...judgeAssertion(response.facts, expected, now) }
    : undefined;
  const testId = judged?.requestId ?? (response.isSigned ? null : response.requestId);
  if (testId !== null && (await isOpenSsoTest(database.sql, requestTo(delivery, testId), now))) {
    return finishTest(database, delivery, testId, { response, judged });
  }
  if (judged === undefined) return { kind: "refused", problem: response.isSigned ? "malformed" : response.problem };
  const problem = judged.findings.find((finding) => finding.problem !== null)?.problem ?? null;
  if (problem !== null) return { kind: "refused", problem };
  if (judged.requestId === null) return restart(database, delivery, judged.facts.nameId ?? "");
  return signIn(database, delivery, connection, { ...judged, requestId: judged.requestId });
}

/** The request that a response belongs to. */
function requestTo({ organizationId, browser }: Delivery, id: string): Parameters<typeof isOpenSsoTest>[1] {
  return { organizationId, id, browserHash: browser.hash ?? null };
}

/** Admission is checked before the redirect, so that a person without access gets the error at once. */
async function restart(database: Database, delivery: Delivery, nameId: string): Promise<Outcome> {
  const { organizationId, browser, now, relayState } = delivery;
  const admitted = await admissionOf(database.sql, organizationId, nameId);
  if (!admitted.ok) return { kind: "refused", problem: admitted.error };
  const isCircle = await isRestarting(database.sql, organizationId, browser.hash ?? null, now);
  return isCircle ? { kind: "refused", problem: "unanswered" } : { kind: "unsolicited", path: localPathOf(relayState) };
}

async function signIn(
  database: Database,
  delivery: Delivery,
  connection: SsoConnection,
  judged: Judged & { readonly requestId: string },
): Promise<Outcome> {
  const { organizationId, browser, now, requestId } = delivery;
  const assertion = {
    organizationId,
    assertionId: judged.facts.id,
    usableUntil: judged.usableUntil,
    requestId: judged.requestId,
    nameId: judged.facts.nameId ?? "",
    trustedSince: connection.updatedAt,
    issuer: connection.entityId,
    authenticatedAt: judged.facts.authenticatedAt,
    sessionUntil: judged.facts.sessionUntil,
  };
  const signedIn = await signInBySso(database, assertion, browser, { now, requestId });
  if (!signedIn.ok) return { kind: "refused", problem: signedIn.error };
  const { cookie, nextPath } = signedIn.value;
  return { kind: "signedIn", cookie, path: localPathOf(nextPath) };
}

async function finishTest(
  database: Database,
  delivery: Delivery,
  testId: string,
  { response, judged }: { readonly response: SamlAnswer; readonly judged: Judged | undefined },
): Promise<Outcome> {
  const { organizationId, now, requestId } = delivery;
  const nameId = judged?.facts.nameId ?? null;
  const admitted = nameId === null ? undefined : await admissionOf(database.sql, organizationId, nameId);
  const report = reportOf({
    signature: response.isSigned ? null : response.problem,
    findings: judged?.findings ?? [],
    nameId,
    member: admitted === undefined || admitted.ok ? null : admitted.error,
  });
  const isKept = await database.transaction((tx) =>
    finishSsoTest(tx, { organizationId, now, requestId }, requestTo(delivery, testId), report),
  );
  return isKept ? { kind: "tested", testId } : { kind: "refused", problem: "request" };
}
