// A cell's run that another page began, in the form in which JupyterLab's output area takes one of its own.
import type { Kernel, KernelMessage } from "@jupyterlab/services";

export type Message = KernelMessage.IMessage;
type Request = KernelMessage.IExecuteRequestMsg;
type Reply = KernelMessage.IExecuteReplyMsg;

export interface ReattachedRun {
  /** For the output area: it says what it wants to hear. */
  readonly future: Kernel.IShellFuture<Request, Reply>;
  /** Resolves when nothing more will come; with the cell's number, where it has one. */
  readonly ended: Promise<number | undefined>;
  /** A message that may be this run's; each is taken once. */
  take(message: Message): void;
  /** The kernel has gone. */
  end(): void;
}

/** @param id of the request */
export function reattachedRun(kernel: Kernel.IKernelConnection, id: string): ReattachedRun {
  const taken = new Set<string>();
  let number: number | undefined;
  let end!: (number: number | undefined) => void;
  const ended = new Promise<number | undefined>((resolve) => {
    end = resolve;
  });
  const future = {
    msg: { header: { msg_id: id } } as Request,
    done: ended.then(() => ({}) as Reply),
    isDisposed: false,
    onReply: (_reply: Reply): void => {},
    onIOPub: (_message: KernelMessage.IIOPubMessage): void => {},
    onStdin: (_message: KernelMessage.IStdinMessage): void => {},
    registerMessageHook: () => {},
    removeMessageHook: () => {},
    sendInputReply: kernel.sendInputReply.bind(kernel),
    dispose() {
      future.isDisposed = true;
    },
  };

  function take(message: Message): void {
    const { msg_id: parent } = message.parent_header as { msg_id?: string };
    if (parent !== id || taken.has(message.header.msg_id) || future.isDisposed) return;
    taken.add(message.header.msg_id);
    if (message.channel === "stdin") return void future.onStdin(message as KernelMessage.IStdinMessage);
    if (message.channel === "shell") return void takeReply(message as Reply);
    const { msg_type: type } = message.header;
    if (type === "execute_input")
      number = (message as KernelMessage.IExecuteInputMsg).content.execution_count ?? number;
    future.onIOPub(message as KernelMessage.IIOPubMessage);
    if (type === "status" && (message as KernelMessage.IStatusMsg).content.execution_state === "idle") end(number);
  }

  function takeReply(reply: Reply): void {
    future.onReply(reply);
    if (reply.content.status === "aborted") end(undefined);
  }

  return { future: future as Kernel.IShellFuture<Request, Reply>, ended, take, end: () => end(number) };
}
