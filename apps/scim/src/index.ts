export { commonSettings, parseSettings, portNumber, type TrustProxy } from "./config.ts";
export { metricsRefusal, metricsTokenMin, type MetricsAccess } from "./http/metrics-access.ts";
export { requestRecorder, type RequestRecorder } from "./request-log/request-recorder.ts";
export { routes } from "./routes.ts";
export { basePaths, createScim, type ScimOptions } from "./server.ts";
export { stopOnSignal } from "./http/stopping.ts";
