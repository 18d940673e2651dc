// One call of a deployed model, in the envelope of the platform.
import type { JsonObject, JsonValue } from "../contract/signature.ts";
import { requestJson } from "../core/request-json.ts";

/** Where a model answers; `deploy` returns one. */
export interface ModelEndpoint {
  readonly endpoint: string;
  readonly accessKey: string;
}

export interface ModelReply<T = JsonValue> {
  readonly prediction: T;
  /** Names this call in readMetrics; absent when the function was not wrapped by `modelMetrics`. */
  readonly uuid?: string;
  readonly modelDeploymentCrn?: string;
}

/**
 * Calls a model with one request.
 *
 * @throws ServerError the model refused the request (400) or threw (500), or none answers
 */
export async function callModel<T = JsonValue>(model: ModelEndpoint, request: JsonObject): Promise<ModelReply<T>> {
  const { origin, pathname } = new URL(model.endpoint);
  const { response } = await requestJson<{ response: Measured<T> | T }>({ url: origin, token: "" }, "POST", pathname, {
    accessKey: model.accessKey,
    request,
  });
  if (!isMeasured<T>(response)) return { prediction: response };
  const { prediction, uuid, model_deployment_crn: modelDeploymentCrn } = response;
  return { prediction, uuid, modelDeploymentCrn };
}

/** What stands around the prediction when metrics are on. */
interface Measured<T> {
  readonly model_deployment_crn: string;
  readonly prediction: T;
  readonly uuid: string;
}

function isMeasured<T>(response: Measured<T> | T): response is Measured<T> {
  return typeof response === "object" && response !== null && "model_deployment_crn" in response && "uuid" in response;
}
