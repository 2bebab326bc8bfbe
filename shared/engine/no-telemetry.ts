/**
 * What onnxruntime-node reads when it is loaded: without it, 1.30 reports to Microsoft how it is
 * used, and where there is no home folder it writes a file into the working directory.
 */
export const noTelemetry = { ORT_DISABLE_TELEMETRY: "1" } as const;

// Whoever imports onnxruntime-node in this process imports this before it.
Object.assign(process.env, noTelemetry);
