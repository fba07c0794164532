import { loadCaller, loadClaimed, type Caller, type CallerRefusal, type Credential, type Database } from "@rollcall/db";
import type { Result } from "@rollcall/scim-protocol";

/** The id of a token and of its organization. It never changes, so it stays true after the token ends. */
export type TokenIdentity = { readonly organizationId: string; readonly tokenId: string };

/** The tokens that this process has seen; for requests that end before, or without, a look-up in the database. */
export type KnownTokens = {
  /** Records the result of a token look-up. */
  learn(credential: Credential, caller: Result<Caller, CallerRefusal>): void;
  /** The organization of a token that the database has confirmed before; the token may have ended since. */
  organizationOf(credential: Credential): string | undefined;
  /** The owner of a token: recorded, or looked up once; undefined if unknown or if the look-up fails. */
  identify(credential: Credential): Promise<TokenIdentity | undefined>;
  /** The owner of the token with that public key id; undefined as above. */
  identifyClaimed(keyId: string): Promise<TokenIdentity | undefined>;
};

const knownMax = 1000;
const confirmedMax = 10_000;
const waitingMax = 1000;

/**
 * Keeps the hashes of at most 10,000 confirmed tokens and of at most 1,000 identified tokens, wrong ones included, so
 * that a wrong token sent many times costs one look-up; the oldest is dropped first. At most 1,000 requests wait for a
 * look-up; further ones are not identified.
 */
export function knownTokens(database: Database, now: () => Date): KnownTokens {
  const identities = new Map<string, Promise<TokenIdentity | undefined>>();
  const confirmed = new Map<string, string>();
  let waiting = 0;
  const note = (key: string, identity: Promise<TokenIdentity | undefined>): void => {
    const [oldest] = identities.size < knownMax ? [] : identities.keys();
    if (oldest !== undefined) identities.delete(oldest);
    identities.set(key, identity);
  };
  const find = async (
    key: string,
    lookUp: () => Promise<TokenIdentity | undefined>,
  ): Promise<TokenIdentity | undefined> => {
    if (waiting >= waitingMax) return undefined;
    waiting++;
    try {
      const known = identities.get(key);
      if (known !== undefined) return await known;
      const identity = lookUp();
      note(key, identity);
      identity.catch(() => identities.delete(key));
      return await identity;
    } catch {
      // Without the database no owner can be found; the failure of the request itself is in the process log.
      return undefined;
    } finally {
      waiting--;
    }
  };
  return {
    learn(credential, caller) {
      const key = credential.secretHash.toString("base64");
      const identity = identityOf(caller);
      if (identity === undefined) return;
      if (!identities.has(key)) note(key, Promise.resolve(identity));
      if (confirmed.has(key)) return;
      const [oldest] = confirmed.size < confirmedMax ? [] : confirmed.keys();
      if (oldest !== undefined) confirmed.delete(oldest);
      confirmed.set(key, identity.organizationId);
    },
    organizationOf: (credential) => confirmed.get(credential.secretHash.toString("base64")),
    identify: (credential) =>
      find(credential.secretHash.toString("base64"), () =>
        loadCaller(database.sql, credential, now()).then(identityOf),
      ),
    identifyClaimed: (keyId) => find(`rcl_${keyId}`, () => loadClaimed(database.sql, keyId)),
  };
}

/** The organization and token of a caller whose secret was right, admitted or not. */
export function identityOf(caller: Result<Caller, CallerRefusal>): TokenIdentity | undefined {
  const identity = caller.ok ? caller.value : caller.error.identity;
  return identity && { organizationId: identity.organizationId, tokenId: identity.tokenId };
}
