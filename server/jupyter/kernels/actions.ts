// What is done to kernels, for those who want to know: each action with how it went, in the form of Jupyter Server's event.
import type { KernelAction } from "../events/schemas.ts";

/** Keys as the event names them. */
export interface KernelActionEvent {
  readonly action: KernelAction;
  readonly status: "success" | "error";
  readonly kernel_id: string;
  readonly kernel_name: string;
  readonly msg: string;
}

export interface ActionTeller {
  readonly id: string;
  readonly name: string;
  readonly onAction: (event: KernelActionEvent) => void;
}

const done = { start: "started", interrupt: "interrupted", shutdown: "shutdown", restart: "restarted" } as const;

export function tellDone({ id, name, onAction }: ActionTeller, action: KernelAction): void {
  onAction({ action, status: "success", kernel_id: id, kernel_name: name, msg: `Kernel ${id} was ${done[action]}.` });
}

/** Does it, tells how it went, and fails as it failed. */
export async function tellHow<T>(teller: ActionTeller, action: KernelAction, act: () => Promise<T>): Promise<T> {
  try {
    const result = await act();
    tellDone(teller, action);
    return result;
  } catch (error) {
    const { id, name, onAction } = teller;
    onAction({ action, status: "error", kernel_id: id, kernel_name: name, msg: (error as Error).message });
    throw error;
  }
}
