// The end of a model: asked for by its name.
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Model } from "../../../../../lib/contract/model.ts";
import { Confirm } from "../../../parts/confirm.tsx";
import { useDeleteModel } from "../actions.ts";
import styles from "./settings.module.css";

export function DeleteModel({ model }: { model: Model }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const { mutate, isPending, error } = useDeleteModel(model);
  return (
    <>
      <Button size="xs" variant="default" className={styles.danger} onClick={() => setAsking(true)}>
        Delete model {model.name}
      </Button>
      {asking && (
        <Confirm
          title={`Delete model ${model.name}?`}
          action={`Delete ${model.name}`}
          danger
          name={model.name}
          busy={isPending}
          error={error}
          onClose={() => setAsking(false)}
          onConfirm={() => mutate(undefined, { onSuccess: () => navigate({ to: "/models" }) })}
        >
          <p>Its replicas stop, and its access key answers no more. This is not taken back.</p>
        </Confirm>
      )}
    </>
  );
}
