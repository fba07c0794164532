export {
  addSelfCheckStep,
  beginSelfCheck,
  endSelfCheck,
  readSelfCheck,
  readSelfCheckExchanges,
  type SelfCheck,
} from "./self-check-store.ts";
export { readSetUpFacts } from "./set-up-facts.ts";
export { openTwin, type Twin } from "./twin.ts";
export { dropNextLeftTwin } from "./twin-schema.ts";
