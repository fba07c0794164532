export { metricsRefusal, metricsTokenMin, type MetricsAccess } from "./metrics-access.ts";
export { requestRecorder, type RequestRecorder } from "./request-recorder.ts";
export { routes } from "./routes.ts";
export { basePaths, createScim, type ScimOptions } from "./server.ts";
export { stopOnSignal } from "./stopping.ts";
