// What the server's events hold: Jupyter Server's three schemas, which its clients know by these names.
// https://github.com/jupyter-server/jupyter_server/tree/main/jupyter_server/event_schemas
import { type ZodType, z } from "zod";

const namespace = "https://events.jupyter.org/jupyter_server";
const status = z.enum(["error", "success"]);

export const contentsEvent: string = `${namespace}/contents_service/v1`;
export const kernelEvent: string = `${namespace}/kernel_actions/v1`;
export const gatewayEvent: string = `${namespace}/gateway_client/v1`;

export type ContentsAction = "get" | "create" | "save" | "upload" | "rename" | "copy" | "delete";
export type KernelAction = "start" | "interrupt" | "shutdown" | "restart";

export interface EventSchema {
  readonly version: string;
  /** Keys that a schema does not name are kept. */
  readonly data: ZodType<Readonly<Record<string, unknown>>>;
}

export const eventSchemas: ReadonlyMap<string, EventSchema> = new Map([
  [
    contentsEvent,
    {
      version: "1",
      data: z.looseObject({
        action: z.enum(["get", "create", "save", "upload", "rename", "copy", "delete"] satisfies ContentsAction[]),
        path: z.string(),
        source_path: z.string().optional(),
      }),
    },
  ],
  [
    kernelEvent,
    {
      version: "1",
      data: z
        .looseObject({
          action: z.enum(["start", "interrupt", "shutdown", "restart"] satisfies KernelAction[]),
          msg: z.string(),
          kernel_id: z.string().optional(),
          kernel_name: z.string().optional(),
          status: status.optional(),
          status_code: z.number().optional(),
        })
        .refine(
          (event) => event.kernel_id !== undefined || (event.action === "start" && event.status === "error"),
          "expected the kernel's id",
        ),
    },
  ],
  [
    gatewayEvent,
    {
      version: "1",
      data: z.looseObject({
        status,
        msg: z.string(),
        status_code: z.number().optional(),
        gateway_url: z.string().optional(),
      }),
    },
  ],
]);
