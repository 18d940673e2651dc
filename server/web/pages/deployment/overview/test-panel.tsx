// Calls the model from the page: the example to start from, the reply or what went wrong.
import { Button, Input } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import type { Model } from "../../../../../lib/contract/model.ts";
import type { JsonObject, JsonValue } from "../../../../../lib/contract/signature.ts";
import { ApiError, postJson } from "../../../parts/api.ts";
import { CopyButton } from "../../../parts/copy-button.tsx";
import { FailureOf } from "../../../parts/failure.tsx";
import { JsonBox } from "../../../parts/json-box.tsx";
import { milliseconds, threeDigits } from "../../../parts/numbers.ts";
import { State } from "../../../parts/state.tsx";
import styles from "./test-panel.module.css";

interface Answer {
  readonly response: JsonValue;
  readonly tookMs: number;
}

export function TestPanel({ model }: { model: Model }) {
  const example = JSON.stringify(model.deployment?.example ?? {}, null, 2);
  const [edited, setEdited] = useState<string>();
  const text = edited ?? example;
  const input = readInput(text);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (request: JsonObject) => callModel(model.accessKey, request),
  });
  const call = () => input.request && !isPending && mutate(input.request);

  function callByKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    call();
  }

  return (
    <>
      <Input.Wrapper label="Input" error={input.complaint} id="test-input">
        <Input
          component="textarea"
          id="test-input"
          multiline
          rows={Math.min(14, Math.max(4, text.split("\n").length))}
          spellCheck={false}
          autoComplete="off"
          error={input.complaint !== undefined}
          classNames={{ input: styles.input }}
          value={text}
          onChange={(event) => setEdited(event.currentTarget.value)}
          onKeyDown={callByKey}
        />
      </Input.Wrapper>
      <div className={styles.actions}>
        <Button onClick={call} loading={isPending} disabled={!input.request} title="Ctrl or ⌘ and Enter">
          Call model
        </Button>
        <Button variant="default" onClick={() => setEdited(undefined)} disabled={text === example}>
          Back to example
        </Button>
      </div>
      <div aria-live="polite">
        {error && !isPending && <FailureOf what={whatOf(error)} error={error} />}
        {data && !error && <Reply {...data} />}
      </div>
    </>
  );
}

function Reply({ response, tookMs }: Answer) {
  const text = JSON.stringify(response, null, 2);
  const probability = probabilityOf(response);
  return (
    <>
      <div className={styles.reply}>
        <State tone="good" word="answered" />
        {probability !== undefined && <strong>probability {threeDigits(probability)}</strong>}
        <span className={styles.took}>in {milliseconds(tookMs)}, seen from here</span>
        <span className={styles.copy}>
          <CopyButton text={text} label="Copy reply" />
        </span>
      </div>
      <JsonBox label="Reply" text={text} />
    </>
  );
}

async function callModel(accessKey: string, request: JsonObject): Promise<Answer> {
  const start = performance.now();
  const { response } = await postJson<{ response: JsonValue }>("/model", { accessKey, request });
  return { response, tookMs: performance.now() - start };
}

function whatOf(error: Error): string {
  return error instanceof ApiError && error.code === "model_error"
    ? "The model threw an error"
    : "The call was refused";
}

/** Where the reply is the metrics envelope around an object with a probability. */
function probabilityOf(response: JsonValue): number | undefined {
  const prediction = (response as { prediction?: { probability?: unknown } } | null)?.prediction;
  return typeof prediction?.probability === "number" ? prediction.probability : undefined;
}

function readInput(text: string): { request?: JsonObject; complaint?: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { request: value as JsonObject };
    return { complaint: "Expected a JSON object, { … }" };
  } catch (error) {
    return { complaint: `Not JSON: ${(error as Error).message}` };
  }
}
