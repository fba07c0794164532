export type { RemoteGroup, RemoteUser } from "./answer-check.ts";
export { type Exchange, type Method, WrongAnswer } from "./exchange.ts";
export { type OktaLifeCycleOptions, playOktaLifeCycle } from "./okta-life-cycle.ts";
export type { OktaProfile } from "./okta-directory.ts";
export type { UserNameChange } from "./okta-people.ts";
export { createOktaSimulator, type OktaSimulator, type OktaSimulatorOptions } from "./okta-simulator.ts";
export type { OktaMode } from "./okta-wire.ts";
export type { LifeCycleStep } from "./step-player.ts";
