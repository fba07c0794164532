export { readCallHours, type CallHour } from "./call-hours.ts";
export { readComparedMembers } from "./compared-members.ts";
export {
  countDrift,
  driftHolderSorts,
  driftKinds,
  driftPeopleSorts,
  listDriftHolders,
  listDriftHoldersAfter,
  listDriftPeople,
  listDriftPeopleAfter,
  unconfirmedAfterDays,
  type DriftCounts,
  type DriftHolder,
  type DriftPerson,
} from "./drift.ts";
export { readHealthFacts } from "./health-facts.ts";
