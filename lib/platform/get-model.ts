// A model that was deployed before: where it answers, and what runs.
import type { Deployment, Model } from "../contract/model.ts";
import { requestJson } from "../core/request-json.ts";
import { requireServer } from "./find-server.ts";

export interface ServedModel {
  readonly name: string;
  /** Where to call it: POST {"accessKey", "request"}. */
  readonly endpoint: string;
  readonly accessKey: string;
  /** Its page in the dashboard. */
  readonly page: string;
  readonly modelCrn: string;
  /** Absent when nothing answers calls. */
  readonly deployment?: Deployment;
}

/**
 * Finds a model by its name.
 *
 * @throws Error no server runs
 * @throws ServerError there is no such model (404)
 */
export async function getModel(name: string): Promise<ServedModel> {
  const server = await requireServer(`get the model ${name}`);
  const model = await requestJson<Model>(server, "GET", `/api/v2/models/${encodeURIComponent(name)}`);
  return {
    name,
    endpoint: `${server.url}/model`,
    accessKey: model.accessKey,
    page: `${server.url}/ui/models/${name}`,
    modelCrn: model.crn,
    ...(model.deployment && { deployment: model.deployment }),
  };
}
