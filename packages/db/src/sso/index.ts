export {
  configureSso,
  findSsoByDomain,
  findSsoConnection,
  removeSso,
  type IdentityProvider,
  type SsoConnection,
} from "./sso-connection.ts";
export { readSignInWays } from "./sign-in-ways.ts";
export { mayLeadOn } from "./sso-entry.ts";
export { addSsoExemption, listSsoExemptions, removeSsoExemption, type SsoExemption } from "./sso-exemption.ts";
export {
  finishSsoTest,
  isOpenSsoTest,
  isRestarting,
  readSsoTest,
  startSsoRequest,
  type AskingBrowser,
  type SsoPurpose,
  type SsoTest,
} from "./sso-request.ts";
export { setSsoRequired } from "./sso-requirement.ts";
export { admissionOf, signInBySso, type TrustedAssertion } from "./sso-sign-in.ts";
