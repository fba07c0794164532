import { loadCaller, loadClaimed, type Caller, type CallerRefusal, type Credential, type Database } from "@rollcall/db";
import type { Result } from "@rollcall/scim-protocol";

/** Whose token it is. Tokens never change hands, so this stays true when one ends. */
export type TokenIdentity = { readonly organizationId: string; readonly tokenId: string };

/** Whose tokens this process has met; for calls that end before, or instead of, the look at the database. */
export type KnownTokens = {
  /** Notes what the database said of a token. */
  learn(credential: Credential, caller: Result<Caller, CallerRefusal>): void;
  /** The organization of a token that the database has confirmed, here and before; it may have ended since. */
  organizationOf(credential: Credential): string | undefined;
  /** Whose token it is: as noted, or looked up once; undefined if it is nobody's or that cannot be found out now. */
  identify(credential: Credential): Promise<TokenIdentity | undefined>;
  /** Whose token has that public key id; undefined as above. */
  identifyClaimed(keyId: string): Promise<TokenIdentity | undefined>;
};

const knownMax = 1000;
const confirmedMax = 10_000;
const waitingMax = 1000;

/**
 * Keeps the hashes of at most 10,000 confirmed tokens, and of at most 1,000 tokens to identify, wrong ones included, so
 * that a wrong token that is sent in masses costs one look-up; the one that was met first is forgotten first. At most
 * 1,000 calls wait for a look-up, further ones are nobody's.
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
      // Without the database nobody can be told; the call's own fault is in the process log.
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

/** The organization and token of a caller whose secret was right, let in or not. */
export function identityOf(caller: Result<Caller, CallerRefusal>): TokenIdentity | undefined {
  const identity = caller.ok ? caller.value : caller.error.identity;
  return identity && { organizationId: identity.organizationId, tokenId: identity.tokenId };
}
