import { installedTensorflow } from "../../../../shared/engine/tensorflow/library.ts";

/**
 * Whether tests on TensorFlow run: where it is installed, and where TENSORFLOW=required says that it must be, so that they fail
 * without it.
 */
export const tensorflowIsThere = process.env["TENSORFLOW"] === "required" || installedTensorflow() !== null;

export const onTensorflow = "the engine tensorflow (skipped where `setup tensorflow` was not run)";
