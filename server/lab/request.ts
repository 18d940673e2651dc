// One question to our server, with JupyterLab's own login.
import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";

/**
 * @param path from the server's root, its parts encoded
 * @throws ResponseError the server refused, with its own words
 */
export async function request<T>(settings: ServerConnection.ISettings, path: string, method = "GET"): Promise<T> {
  const response = await ServerConnection.makeRequest(URLExt.join(settings.baseUrl, path), { method }, settings);
  if (!response.ok) throw await ServerConnection.ResponseError.create(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}
