export { decideHeld, deactivateHeld, endDecisions } from "./guard-decision.ts";
export { remindNextHold } from "./guard-mail.ts";
export { endGuardRelease, releaseGuard, resumeGuard, setGuard } from "./guard-settings.ts";
export { listHeldChanges, readGuardHold, type HeldChange } from "./held-change.ts";
