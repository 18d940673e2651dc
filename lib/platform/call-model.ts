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
  /** Names this call in readMetrics. */
  readonly uuid: string;
  readonly modelDeploymentCrn: string;
}

/**
 * Calls a model with one request.
 *
 * @throws ServerError the model refused the request (400) or threw (500), or none answers
 */
export async function callModel<T = JsonValue>(model: ModelEndpoint, request: JsonObject): Promise<ModelReply<T>> {
  const { origin, pathname } = new URL(model.endpoint);
  const { response } = await requestJson<{
    response: { model_deployment_crn: string; prediction: T; uuid: string };
  }>({ url: origin, token: "" }, "POST", pathname, {
    accessKey: model.accessKey,
    request,
  });
  return {
    prediction: response.prediction,
    uuid: response.uuid,
    modelDeploymentCrn: response.model_deployment_crn,
  };
}
