// Turns a notebook's exported function into a REST model, from inside a notebook or a script of the project.
import { fromProject, homeFolder, projectFolder } from "../core/settings.ts";
import { type DeployedModel, deployNotebook } from "./deploy-notebook.ts";
import { requireServer } from "./find-server.ts";

export interface DeployOptions {
  /** The notebook, from the project's folder: `notebooks/5_model_serve.ipynb`. */
  readonly notebook: string;
  /** The exported function. */
  readonly function: string;
  /** The model's name: lower-case letters, digits, dot, dash, underscore. */
  readonly name: string;
  /** Processes that answer calls. Default 1. */
  readonly replicas?: number;
  /** Shown beside the build. Default empty. */
  readonly comment?: string;
}

/**
 * Builds the notebook's export and deploys it; resolves when it answers. An existing model gets the new build; when
 * the content is what runs already, nothing happens.
 *
 * @throws Error no server runs, or no such notebook
 * @throws ServerError no such export, a needed cell fails, the deployment does not start
 */
export async function deploy({ notebook, replicas = 1, comment = "", ...what }: DeployOptions): Promise<DeployedModel> {
  return deployNotebook(await requireServer(`deploy ${notebook}`), {
    ...what,
    notebook: fromProject(notebook),
    project: projectFolder(),
    home: homeFolder(),
    replicas,
    comment,
    onStep: () => {},
  });
}
