// A key for a kernel: what notebooks need and no more. The start token stays with its owner.
import { requestJson } from "../../lib/core/request-json.ts";
import type { ServerAddress } from "../../lib/core/settings.ts";
import { notebookScopes } from "../auth/principal.ts";

export interface KernelKey {
  readonly key: string;
  /** It opens nothing any more; quiet when the server is gone. */
  revoke(): Promise<void>;
}

const validMs = 7 * 86_400_000; // a kernel may be left open over a weekend

/** @param subject who gets it: `kernel:5_model_serve` */
export async function issueKernelKey(server: ServerAddress, subject: string): Promise<KernelKey> {
  const asked = { subject, scopes: notebookScopes, validMs };
  const { id, key } = await requestJson<{ id: string; key: string }>(server, "POST", "/api/v2/tokens", asked);
  return {
    key,
    revoke: () => requestJson<void>(server, "POST", `/api/v2/tokens/${id}/revoke`).catch(() => {}),
  };
}
