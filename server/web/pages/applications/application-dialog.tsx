// A new application, or another setting of one that is there. What the server refuses is said at the field it concerns.
import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Application, NewApplication } from "../../../../lib/contract/application.ts";
import { patchJson, postJson } from "../../parts/api.ts";
import { showApplication } from "../../parts/application-events.ts";
import { applicationPath } from "../../parts/application-queries.ts";
import dialog from "../../parts/dialog.module.css";
import { Dialog } from "../../parts/dialog.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { notify } from "../../parts/notices.tsx";
import styles from "../jobs/job-dialog.module.css";
import {
  type ApplicationFields,
  emptyApplication,
  type FieldErrors,
  fieldOfRefusal,
  fieldsOf,
  readApplication,
} from "./application-form.ts";

export interface ApplicationDialogProps {
  /** Absent: a new one. */
  readonly application?: Application;
  onSaved(application: Application): void;
  onClose(): void;
}

export function ApplicationDialog({ application, onSaved, onClose }: ApplicationDialogProps) {
  const client = useQueryClient();
  const [fields, setFields] = useState<ApplicationFields>(() =>
    application ? fieldsOf(application) : emptyApplication(),
  );
  const [complaints, setComplaints] = useState<FieldErrors>({});
  const { mutate, error, isPending } = useMutation({
    mutationFn: (wanted: NewApplication) => save(application, wanted),
    onSuccess(saved) {
      showApplication(client, saved);
      notify(application ? `Application ${saved.name} changed.` : `Application ${saved.name} is starting.`);
      onSaved(saved);
    },
  });
  const refused = error ? fieldOfRefusal(error) : undefined;
  const errors: FieldErrors = { ...complaints, ...(error && refused ? { [refused]: error.message } : {}) };

  function submit(event: FormEvent): void {
    event.preventDefault();
    const { application: wanted, errors } = readApplication(fields);
    setComplaints(errors);
    if (wanted) mutate(wanted);
  }

  const set = (change: Partial<ApplicationFields>) => {
    setFields({ ...fields, ...change });
    setComplaints({});
  };
  return (
    <Dialog title={application ? `Settings of ${application.name}` : "New application"} size="lg" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className={styles.fields}>
          {!application && (
            <TextInput
              label="Name"
              description="Also its host name"
              required
              data-autofocus
              placeholder="churn"
              autoComplete="off"
              value={fields.name}
              error={errors.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
          )}
          <TextInput
            label="Program"
            description="Listens on CELLWRIGHT_APP_PORT; .ts, .mjs or .js"
            required
            placeholder="notebooks/churn-application/server.ts"
            autoComplete="off"
            value={fields.file}
            error={errors.file}
            onChange={(event) => set({ file: event.currentTarget.value })}
          />
          <TextInput
            label="Description"
            autoComplete="off"
            value={fields.description}
            error={errors.description}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
          <TextInput
            label="Memory (MB)"
            inputMode="numeric"
            autoComplete="off"
            value={fields.memoryMb}
            error={errors.memoryMb}
            onChange={(event) => set({ memoryMb: event.currentTarget.value })}
          />
          <Textarea
            label="Environment"
            description="NAME=value, one a line"
            rows={3}
            resize="vertical"
            spellCheck={false}
            classNames={{ root: styles.wide, input: styles.code }}
            value={fields.environment}
            error={errors.environment}
            onChange={(event) => set({ environment: event.currentTarget.value })}
          />
          <Checkbox
            className={styles.wide}
            label="Open to anyone who reaches this server, without signing in"
            checked={fields.bypassAuthentication}
            onChange={(event) => set({ bypassAuthentication: event.currentTarget.checked })}
          />
        </div>
        {error && !refused && (
          <FailureOf
            what={application ? "The application was not changed" : "The application was not made"}
            error={error}
          />
        )}
        <div className={dialog.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending}>
            {application ? "Save settings" : "Start application"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function save(application: Application | undefined, wanted: NewApplication): Promise<Application> {
  if (!application) return postJson<Application>("/api/v2/applications", wanted);
  const { name: _, ...changes } = wanted;
  return patchJson<Application>(applicationPath(application.name), changes);
}
