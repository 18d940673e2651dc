// Types only: code written against our KernelConnection can be handed a kernel of @jupyterlab/services.
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import { expectTypeOf, test } from "vitest";
import type { KernelConnection } from "../../../kernel/client/kernel-connection.ts";

test("a kernel of a Jupyter server is a KernelConnection", () => {
  const standIn = (theirs: Kernel.IKernelConnection): KernelConnection => theirs;
  expectTypeOf(standIn).returns.toEqualTypeOf<KernelConnection>();
});

test("what we ask for is what theirs takes, and every status of theirs is known", () => {
  type Ours = Parameters<KernelConnection["requestExecute"]>[0];
  expectTypeOf<Omit<Ours, "user_expressions">>().toExtend<
    Omit<KernelMessage.IExecuteRequestMsg["content"], "user_expressions">
  >();
  expectTypeOf<Parameters<KernelConnection["requestHistory"]>[0]>().toExtend<
    KernelMessage.IHistoryRequestMsg["content"]
  >();
  expectTypeOf<Parameters<KernelConnection["requestComplete"]>[0]>().toExtend<
    KernelMessage.ICompleteRequestMsg["content"]
  >();
  expectTypeOf<Kernel.Status>().toEqualTypeOf<KernelConnection["status"]>();
});
