export { type Exchange, UnexpectedResponse } from "./connection.ts";
export { createEntraSimulator, type EntraSimulator, type EntraSimulatorOptions } from "./entra-simulator.ts";
export type { EntraDialect } from "./entra-wire.ts";
export {
  type EntraLifeCycleOptions,
  type EntraValidatorOptions,
  type OktaLifeCycleOptions,
  playEntraLifeCycle,
  playEntraValidator,
  playOktaLifeCycle,
} from "./life-cycles.ts";
export type { OktaPerson } from "./okta-directory.ts";
export { createOktaSimulator, type OktaSimulator, type OktaSimulatorOptions } from "./okta-simulator.ts";
export type { OktaMode } from "./okta-wire.ts";
export type { LifeCycleStep, RunResult } from "./step-player.ts";
